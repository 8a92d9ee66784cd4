package io.millrace.append;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.eventlog.RecordColumns;
import io.millrace.eventlog.Slice;
import io.millrace.eventlog.Verdict;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the records that a commit appends to one partition, column by column; after the commit, holds their outcome.
 */
final class SliceBuilder {

    private static final int FIRST_CAPACITY = 16;

    private final int partitionId;
    private long baseOffset;
    private boolean gone;
    private int count;
    private int byteSize;
    private long[] timestamps = new long[FIRST_CAPACITY];
    private byte @Nullable [] @Nullable [] keys;
    private byte[] @Nullable [] values = new byte[FIRST_CAPACITY][];
    private byte @Nullable [] @Nullable [] headers;
    private byte @Nullable [] formats;

    SliceBuilder(int partitionId) {
        this.partitionId = partitionId;
    }

    int partitionId() {
        return partitionId;
    }

    /**
     * Adds a record and returns its position: the record's offset is the slice's first offset plus this.
     *
     * @param now the timestamp of a record that came without one
     */
    int add(NewRecord record, long now) {
        int at = count++;
        if (at == timestamps.length) {
            grow(2 * at);
        }
        timestamps[at] = record.timestamp() == NewRecord.NO_TIMESTAMP ? now : record.timestamp();
        values[at] = record.value();
        if (record.key() != null) {
            keys = orNew(keys);
            keys[at] = record.key();
        }
        if (record.headers() != null) {
            headers = orNew(headers);
            headers[at] = record.headers();
        }
        if (record.format() != RecordFormat.DEFAULT) {
            formats = formats == null ? new byte[timestamps.length] : formats;
            formats[at] = record.format();
        }
        byteSize += record.size();
        return at;
    }

    Slice build() {
        return new Slice(
                partitionId,
                new RecordColumns(
                        Arrays.copyOf(timestamps, count),
                        keys == null ? null : Arrays.copyOf(keys, count),
                        Arrays.copyOf(values, count),
                        headers == null ? null : Arrays.copyOf(headers, count),
                        formats == null ? null : Arrays.copyOf(formats, count),
                        byteSize));
    }

    /** Takes the verdict: decided once for the slice, not for each of its records. */
    void settle(Verdict verdict) {
        switch (verdict) {
            case Verdict.Stored stored -> baseOffset = stored.baseOffset();
            case Verdict.Gone _ -> gone = true;
        }
    }

    /** Whether the partition no longer exists. */
    boolean gone() {
        return gone;
    }

    /** The offset of the record at a position. */
    long offset(int position) {
        return baseOffset + position;
    }

    private byte[] @Nullable [] orNew(byte @Nullable [] @Nullable [] column) {
        return column == null ? new byte[timestamps.length][] : column;
    }

    private void grow(int capacity) {
        timestamps = Arrays.copyOf(timestamps, capacity);
        values = Arrays.copyOf(values, capacity);
        keys = keys == null ? null : Arrays.copyOf(keys, capacity);
        headers = headers == null ? null : Arrays.copyOf(headers, capacity);
        formats = formats == null ? null : Arrays.copyOf(formats, capacity);
    }
}
