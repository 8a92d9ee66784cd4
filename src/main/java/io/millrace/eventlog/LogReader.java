package io.millrace.eventlog;

import io.millrace.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads committed batches from the database, on pooled connections. Every method blocks and is safe for any thread. */
@Component
public class LogReader {

    /** Stands for the last segment in a statement. */
    private static final String NO_LAST = "/*last*/" + Integer.MAX_VALUE;

    private final JdbcClient jdbc;
    private final SegmentStarts segments;
    private final Sql sql = Sql.of(LogReader.class);

    LogReader(JdbcClient jdbc, SegmentStarts segments) {
        this.jdbc = jdbc;
        this.segments = segments;
    }

    /**
     * Reads batches in order of offset, from the one that holds the given offset or, if compaction left a gap there,
     * from the next one. The first batch may begin before the offset.
     *
     * @param maxBatches at most this many batches
     * @param maxBytes stops after the batch that reaches this many bytes of records; the first is always read
     * @return empty if there is nothing at or after the offset
     */
    public List<RecordBatch> read(int partitionId, long offset, int maxBatches, int maxBytes) {
        List<RecordBatch> found = List.of();
        long from = offset;
        boolean confirmed = false;
        while (true) {
            SegmentStarts.Place place = segments.placeOf(partitionId, from);
            List<RecordBatch> more =
                    read(jdbc, place, partitionId, from, maxBatches - found.size(), maxBytes - bytes(found));
            found = found.isEmpty() ? more : joined(found, more);
            if (found.size() >= maxBatches || bytes(found) >= maxBytes || (place.isNewest() && !more.isEmpty())) {
                return found;
            }
            boolean changed = more.isEmpty() && segments.haveChangedSince(partitionId, place.layout());
            if (more.isEmpty() && (changed || !confirmed)) {
                // Only what is found empty twice in one layout is a gap: no record may be skipped because tables change
                // at this moment.
                confirmed = !changed;
                continue;
            }
            if (place.isNewest()) {
                return found;
            }
            from = place.end();
            confirmed = false;
        }
    }

    /** The statement that reads there. */
    static String within(SegmentStarts.Place place, String statement) {
        String from = OpenSegments.from(place.first(), statement);
        return place.isNewest() ? from : from.replace(NO_LAST, Integer.toString(place.last()));
    }

    private static List<RecordBatch> joined(List<RecordBatch> some, List<RecordBatch> more) {
        List<RecordBatch> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static int bytes(List<RecordBatch> batches) {
        long bytes = 0;
        for (RecordBatch batch : batches) {
            bytes += batch.byteSize();
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    /**
     * As {@link #read(int, long, int, int)}, from a standby: also empty if the standby does not have the segments as
     * this node knows them, or has no batch in the one that holds the offset.
     */
    List<RecordBatch> read(JdbcClient standby, int partitionId, long offset, int maxBatches, int maxBytes) {
        return read(standby, segments.placeOf(partitionId, offset), partitionId, offset, maxBatches, maxBytes);
    }

    private List<RecordBatch> read(
            JdbcClient from, SegmentStarts.Place place, int partitionId, long offset, int maxBatches, int maxBytes) {
        return from.sql(within(place, sql.text("select-batches")))
                .param("partition_id", partitionId)
                .param("first_offset", offset)
                .param("layout", place.layout())
                .param("max_batches", maxBatches)
                .param("max_bytes", maxBytes)
                .query((row, _) -> batchOf(row, partitionId))
                .list();
    }

    /**
     * Finds the first offset whose record's timestamp is at least the given one.
     *
     * @param timestamp milliseconds since the epoch
     * @param bounds the partition's bounds, read just before
     * @return {@link PartitionBounds#readable()} if every record is older
     */
    public long offsetOf(int partitionId, long timestamp, PartitionBounds bounds) {
        return jdbc.sql(sql.text("select-offset-of-timestamp"))
                .param("partition_id", partitionId)
                .param("timestamp", timestamp)
                .param("start_offset", bounds.start())
                .param("next_offset", bounds.readable())
                .query(Long.class)
                .single();
    }

    /**
     * The timestamp of the first record at or after each offset.
     *
     * @param nextOffsets by partition id
     * @return milliseconds since the epoch by partition id; partitions without such a record are left out
     */
    public Map<Integer, Long> timestamps(Map<Integer, Long> nextOffsets) {
        Map<Integer, Long> timestamps = new HashMap<>();
        if (!nextOffsets.isEmpty()) {
            List<Integer> ids = List.copyOf(nextOffsets.keySet());
            jdbc.sql(sql.text("select-timestamps"))
                    .param("partition_ids", ids.toArray(Integer[]::new))
                    .param("next_offsets", ids.stream().map(nextOffsets::get).toArray(Long[]::new))
                    .query(row -> {
                        Long timestamp = row.getObject("record_timestamp", Long.class);
                        if (timestamp != null) {
                            timestamps.put(row.getInt("partition_id"), timestamp);
                        }
                    });
        }
        return timestamps;
    }

    /**
     * Makes a batch of the columns 1 to 9: last_offset, record_count, byte_size, offset_deltas, timestamps, keys,
     * record_values, headers, formats. By number: the driver would look up a name for each column of each batch.
     */
    public static RecordBatch batchOf(ResultSet row, int partitionId) throws SQLException {
        long lastOffset = row.getLong(1);
        int count = row.getInt(2);
        int byteSize = row.getInt(3);
        int[] deltas = BinaryArrays.ints(row, 4);
        long base = deltas == null ? lastOffset - count + 1 : lastOffset - deltas[count - 1];
        long[] timestamps = BinaryArrays.longs(row, 5);
        byte @Nullable [] @Nullable [] keys = BinaryArrays.byteas(row, 6);
        byte @Nullable [] @Nullable [] values = BinaryArrays.byteas(row, 7);
        if (values == null || timestamps == null) {
            throw new SQLException("a batch of partition " + partitionId + " has no values or no timestamps");
        }
        byte @Nullable [] @Nullable [] headers = BinaryArrays.byteas(row, 8);
        byte @Nullable [] formats = row.getBytes(9);
        RecordColumns columns = new RecordColumns(timestamps, keys, values, headers, formats, byteSize);
        return new RecordBatch(partitionId, base, deltas, columns);
    }
}
