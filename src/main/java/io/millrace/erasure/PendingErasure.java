package io.millrace.erasure;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;

/**
 * A key that is to be erased.
 *
 * @param partitionIds in ascending order
 * @param before for each of these, where records of the key stay again
 */
record PendingErasure(long id, byte[] key, int[] partitionIds, long[] before) {

    static PendingErasure of(ResultSet row) throws SQLException {
        return new PendingErasure(
                row.getLong("erasure_id"),
                row.getBytes("key"),
                Arrays.stream((Integer[]) row.getArray("partition_ids").getArray())
                        .mapToInt(Integer::intValue)
                        .toArray(),
                Arrays.stream((Long[]) row.getArray("before_offsets").getArray())
                        .mapToLong(Long::longValue)
                        .toArray());
    }

    /** The offset before which records of the key go; 0 for partitions that it is not about. */
    long before(int partitionId) {
        int index = Arrays.binarySearch(partitionIds, partitionId);
        return index < 0 ? 0 : before[index];
    }

    /** @param firstOffsets by partition id, where the first batch begins that may hold the key */
    boolean isIn(Map<Integer, Long> firstOffsets) {
        return firstOffsets.entrySet().stream().anyMatch(first -> first.getValue() < before(first.getKey()));
    }
}
