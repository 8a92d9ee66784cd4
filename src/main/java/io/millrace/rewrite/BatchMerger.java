package io.millrace.rewrite;

import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of the records that are kept, in their order and with their offsets. What is left of several small
 * batches becomes one: a row costs as much as a few records.
 */
public final class BatchMerger {

    private static final int MOST_RECORDS = 500;
    private static final int MOST_BYTES = 256 * 1024;

    /** Where the finished batches go. */
    @FunctionalInterface
    public interface Output {
        void add(StoredBatch batch) throws InterruptedException;
    }

    /** @param empty whether nothing of it is kept but its offset and its timestamp */
    private record Kept(RecordBatch batch, int index, boolean empty) {

        long offset() {
            return batch.offset(index);
        }

        int size() {
            return length(key()) + length(value()) + length(headers());
        }

        byte @Nullable [] key() {
            return empty ? null : batch.key(index);
        }

        byte @Nullable [] value() {
            return empty ? null : batch.value(index);
        }

        byte @Nullable [] headers() {
            return empty ? null : batch.headers(index);
        }

        byte format() {
            return empty ? 0 : batch.format(index);
        }

        private static int length(byte @Nullable [] bytes) {
            return bytes == null ? 0 : bytes.length;
        }
    }

    private final int partitionId;
    private final Output output;
    private final List<Kept> kept = new ArrayList<>();
    private int bytes;
    private @Nullable StoredBatch last;
    private @Nullable Instant compactedAt;

    public BatchMerger(int partitionId, Output output) {
        this.partitionId = partitionId;
        this.output = output;
    }

    /**
     * Keeps a record.
     *
     * @param tombstoneSince when compaction first saw it, if it is a tombstone; else null
     */
    public void keep(StoredBatch from, int index, @Nullable Instant tombstoneSince) throws InterruptedException {
        boolean otherTombstones = tombstoneSince != null && compactedAt != null && !tombstoneSince.equals(compactedAt);
        if (otherTombstones) {
            finish();
        }
        add(from, new Kept(from.batch(), index, false));
        if (tombstoneSince != null) {
            compactedAt = tombstoneSince;
        }
    }

    /** Keeps a record's offset and timestamp, with neither key nor value nor headers. */
    public void keepOffset(StoredBatch from, int index) throws InterruptedException {
        add(from, new Kept(from.batch(), index, true));
    }

    private void add(StoredBatch from, Kept record) throws InterruptedException {
        if (!kept.isEmpty() && isFull(record)) {
            finish();
        }
        kept.add(record);
        bytes += record.size();
        last = from;
    }

    private boolean isFull(Kept next) {
        return kept.size() >= MOST_RECORDS
                || bytes + next.size() > MOST_BYTES
                || next.offset() - kept.getFirst().offset() > Integer.MAX_VALUE;
    }

    /** Hands over what has been kept and not handed over yet. */
    public void finish() throws InterruptedException {
        StoredBatch newest = last;
        if (kept.isEmpty() || newest == null) {
            return;
        }
        RecordBatch merged = new RecordBatch(partitionId, kept.getFirst().offset(), deltas(), columns());
        output.add(new StoredBatch(merged, newest.appendedAt(), newest.highTimestamp(), compactedAt));
        kept.clear();
        bytes = 0;
        compactedAt = null;
    }

    /** Null if there are no gaps. */
    private int @Nullable [] deltas() {
        long base = kept.getFirst().offset();
        if (kept.getLast().offset() - base == kept.size() - 1) {
            return null;
        }
        return kept.stream().mapToInt(record -> (int) (record.offset() - base)).toArray();
    }

    private RecordColumns columns() {
        int count = kept.size();
        long[] timestamps = new long[count];
        byte[] @Nullable [] keys = new byte[count][];
        byte[] @Nullable [] values = new byte[count][];
        byte[] @Nullable [] headers = new byte[count][];
        byte[] formats = new byte[count];
        boolean anyKey = false;
        boolean anyHeaders = false;
        boolean anyFormat = false;
        for (int i = 0; i < count; i++) {
            Kept record = kept.get(i);
            timestamps[i] = record.batch().timestamp(record.index());
            keys[i] = record.key();
            values[i] = record.value();
            headers[i] = record.headers();
            formats[i] = record.format();
            anyKey |= keys[i] != null;
            anyHeaders |= headers[i] != null;
            anyFormat |= formats[i] != 0;
        }
        return new RecordColumns(
                timestamps,
                anyKey ? keys : null,
                values,
                anyHeaders ? headers : null,
                anyFormat ? formats : null,
                bytes);
    }
}
