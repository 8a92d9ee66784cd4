package io.millrace.client.message;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Factory of records to be stored, with the partition of their key and the time of the append; for other records see
 * {@link NewRecord}.
 */
public final class NewRecords {

    private NewRecords() {}

    /** @param value JSON, stored byte for byte; null for a tombstone */
    public static NewRecord json(@Nullable String key, @Nullable String value) {
        return of(key, value == null ? null : utf8(value), RecordFormat.VALUE_JSON);
    }

    /** @param value any bytes */
    public static NewRecord bytes(@Nullable String key, byte[] value) {
        return of(key, value, RecordFormat.VALUE_BINARY);
    }

    private static NewRecord of(@Nullable String key, byte @Nullable [] value, byte format) {
        return new NewRecord(
                NewRecord.ANY_PARTITION, NewRecord.NO_TIMESTAMP, key == null ? null : utf8(key), value, null, format);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
