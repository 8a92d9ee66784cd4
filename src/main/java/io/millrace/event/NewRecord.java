package io.millrace.event;

import org.jspecify.annotations.Nullable;

/**
 * A record to be stored. The arrays are not copied and must not be changed afterwards.
 *
 * @param partition the partition that the producer asked for, or {@link #ANY_PARTITION}
 * @param timestamp milliseconds since the epoch, or {@link #NO_TIMESTAMP} for the time of the append
 * @param key the key's bytes (UTF-8 for a string key), or null for none
 * @param value the value's bytes exactly as sent, or null for a tombstone
 * @param headers the headers as a JSON array of {@code {"name":…,"value":…}} in UTF-8, or null for none
 * @param format see {@link RecordFormat}
 */
public record NewRecord(
        int partition,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        byte @Nullable [] headers,
        byte format) {

    public static final int ANY_PARTITION = -1;
    public static final long NO_TIMESTAMP = -1;

    /** Bytes of key, value and headers together: what {@code max_record_bytes} limits. */
    public int size() {
        return (key == null ? 0 : key.length)
                + (value == null ? 0 : value.length)
                + (headers == null ? 0 : headers.length);
    }
}
