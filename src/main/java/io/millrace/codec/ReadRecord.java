package io.millrace.codec;

import org.jspecify.annotations.Nullable;

/**
 * A record as clients read it: a stored {@link io.millrace.event.NewRecord}. The arrays are not copied and must not be
 * changed.
 *
 * @param timestamp milliseconds since the epoch
 * @param key the key's bytes (UTF-8 for a string key), or null for none
 * @param value the value's bytes, or null for a tombstone. A text value received in JSON is a JSON string
 * @param headers the headers as a JSON array of {@code {"name":…,"value":…}} in UTF-8, or null for none
 * @param format see {@link io.millrace.event.RecordFormat}
 */
public record ReadRecord(
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        byte @Nullable [] headers,
        byte format) {}
