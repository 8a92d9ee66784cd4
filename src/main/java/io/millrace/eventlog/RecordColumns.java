package io.millrace.eventlog;

import org.jspecify.annotations.Nullable;

/**
 * The records of a batch, column by column, as in the table: arrays of equal length, which are not copied and must not
 * be changed after they are handed over.
 *
 * @param timestamps milliseconds since the epoch
 * @param keys null when no record has a key
 * @param values a null element is a tombstone
 * @param headers JSON arrays in UTF-8; null when no record has headers
 * @param formats see {@link io.millrace.event.RecordFormat}; null when all are the default
 * @param byteSize bytes of all keys, values and headers
 */
public record RecordColumns(
        long[] timestamps,
        byte @Nullable [] @Nullable [] keys,
        byte[] @Nullable [] values,
        byte @Nullable [] @Nullable [] headers,
        byte @Nullable [] formats,
        int byteSize) {

    public int count() {
        return timestamps.length;
    }

    /** The largest timestamp; 0 if there is none above. */
    public long maxTimestamp() {
        long max = 0;
        for (long timestamp : timestamps) {
            max = Math.max(max, timestamp);
        }
        return max;
    }
}
