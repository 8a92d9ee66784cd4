package io.millrace.fetch;

import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A run of records of one partition: those of the batches whose offset is at least {@code fromOffset} and less than
 * {@code nextOffset}. The batches are shared and may hold more on either side.
 *
 * @param nextOffset where to go on reading
 * @param bounds the partition's start and high watermark as known when this was read
 */
public record Fetched(List<RecordBatch> batches, long fromOffset, long nextOffset, PartitionBounds bounds) {

    /** Is called for each record. */
    @FunctionalInterface
    public interface RecordVisitor {
        void visit(RecordBatch batch, int index);
    }

    /** Visits every record in order of offset. */
    public void forEach(RecordVisitor visitor) {
        for (RecordBatch batch : batches) {
            int past = past(batch);
            for (int i = first(batch); i < past; i++) {
                visitor.visit(batch, i);
            }
        }
    }

    /** The index of a batch's first record in this run. */
    public int first(RecordBatch batch) {
        return batch.indexOf(fromOffset);
    }

    /** The index after a batch's last record in this run. */
    public int past(RecordBatch batch) {
        return batch.indexOf(nextOffset);
    }

    /** The number of records in this run. */
    public int count() {
        int count = 0;
        for (RecordBatch batch : batches) {
            count += past(batch) - first(batch);
        }
        return count;
    }

    /** Bytes of the keys, values and headers in this run. */
    public long byteSize() {
        long[] bytes = {0};
        forEach((batch, i) -> bytes[0] += sizeOf(batch, i));
        return bytes[0];
    }

    public boolean isEmpty() {
        return batches.isEmpty();
    }

    /**
     * Takes records from the front until a limit is reached, but at least one if there is any. If readers wait for
     * standbys, batches at or beyond the high watermark are left, also those beyond the end that this node knows: a
     * page from the database may have what another node has just stored.
     *
     * @param batches in order of offset; the first holds a record at or after {@code from}
     */
    static Fetched take(
            Collection<RecordBatch> batches, long from, int maxRecords, int maxBytes, PartitionBounds bounds) {
        List<RecordBatch> taken = new ArrayList<>();
        long next = from;
        long records = 0;
        long bytes = 0;
        for (RecordBatch batch : batches) {
            if (bounds.copies() > 1 && batch.firstOffset() >= bounds.readable()) {
                break;
            }
            int first = batch.indexOf(next);
            if (first == batch.count()) {
                continue;
            }
            int past = first;
            while (past < batch.count() && records < maxRecords) {
                int size = sizeOf(batch, past);
                if (records > 0 && bytes + size > maxBytes) {
                    break;
                }
                bytes += size;
                records++;
                past++;
            }
            if (past > first) {
                taken.add(batch);
                next = batch.offset(past - 1) + 1;
            }
            if (past < batch.count()) {
                break;
            }
        }
        return new Fetched(taken, from, next, bounds);
    }

    private static int sizeOf(RecordBatch batch, int index) {
        byte[] key = batch.key(index);
        byte[] value = batch.value(index);
        byte[] headers = batch.headers(index);
        return (key == null ? 0 : key.length)
                + (value == null ? 0 : value.length)
                + (headers == null ? 0 : headers.length);
    }
}
