package io.millrace.event;

/**
 * The form in which a producer wrote a record's key and value: one byte stored with each record, so that readers get it
 * back in that form. The SQL view {@code millrace.record} reads the same bits.
 *
 * <pre>
 * bits 0-1  value: 0 JSON text, 1 plain text (UTF-8), 2 binary
 * bit  2    key:   0 string (UTF-8), 1 binary
 * </pre>
 *
 * A key or value that is absent is a {@code null} array; its bits are 0.
 */
public final class RecordFormat {

    /** A string key and a JSON value. Assumed where no formats are stored. */
    public static final byte DEFAULT = 0;

    public static final byte VALUE_JSON = 0;
    public static final byte VALUE_TEXT = 1;
    public static final byte VALUE_BINARY = 2;
    public static final byte KEY_BINARY = 4;

    private static final int VALUE_MASK = 3;

    private RecordFormat() {}

    /** One of {@link #VALUE_JSON}, {@link #VALUE_TEXT} and {@link #VALUE_BINARY}. */
    public static byte value(byte format) {
        return (byte) (format & VALUE_MASK);
    }

    /** Whether the key was given as bytes and not as a string. */
    public static boolean binaryKey(byte format) {
        return (format & KEY_BINARY) != 0;
    }
}
