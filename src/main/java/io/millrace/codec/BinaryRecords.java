package io.millrace.codec;

import io.millrace.eventlog.RecordBatch;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes stored records, one after the other:
 *
 * <pre>
 * i64 offset | i64 timestamp | i8 format | bytes key | bytes value | bytes headers
 * </pre>
 *
 * The arguments {@code from} and {@code to} are indexes in the batch, the second exclusive.
 */
public final class BinaryRecords {

    private static final int FIXED_BYTES = 2 * Long.BYTES + 1 + 3 * Integer.BYTES;
    private static final int NULL = -1;

    private BinaryRecords() {}

    /** The bytes that {@link #write} writes. */
    public static int size(RecordBatch batch, int from, int to) {
        if (from == 0 && to == batch.count()) {
            return batch.byteSize() + to * FIXED_BYTES;
        }
        int size = 0;
        for (int i = from; i < to; i++) {
            size += FIXED_BYTES + length(batch.key(i)) + length(batch.value(i)) + length(batch.headers(i));
        }
        return size;
    }

    /** Writes records of a batch. */
    public static void write(ByteBuffer out, RecordBatch batch, int from, int to) {
        for (int i = from; i < to; i++) {
            out.putLong(batch.offset(i)).putLong(batch.timestamp(i)).put(batch.format(i));
            bytes(out, batch.key(i));
            bytes(out, batch.value(i));
            bytes(out, batch.headers(i));
        }
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void bytes(ByteBuffer out, byte @Nullable [] bytes) {
        if (bytes == null) {
            out.putInt(NULL);
        } else {
            out.putInt(bytes.length).put(bytes);
        }
    }
}
