package io.millrace.bench.format;

import io.millrace.bench.content.KeyDistribution;
import io.millrace.bench.content.RecordShape;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Renders requests of a fixed number of records into one array, over and over: the text around the records stays, and
 * each record gets a key, the time at which it was to be sent, and a slice of random letters. Nothing is allocated. The
 * letters compress no better than those of a real log would at their best. Used by one thread.
 */
public final class Batch {

    /** Send times are counted from here, so that they have always as many digits. */
    public static final long EPOCH = 1_000_000_000_000_000L;

    static final byte[] VALUE = ascii("{\"at\":");

    private static final int TIME_DIGITS = 16;
    private static final byte[] TEXT = ascii(",\"text\":\"");
    private static final byte[] VALUE_END = ascii("\"}");
    private static final byte[] KEY = ascii("{\"key\":\"key-");
    private static final byte[] KEY_END = ascii("\",\"value\":");
    private static final byte[] NO_KEY = ascii("{\"value\":");
    private static final int KEY_DIGITS = 7;

    /** Bytes of a value around its letters. */
    public static final int VALUE_FRAME = VALUE.length + TIME_DIGITS + TEXT.length + VALUE_END.length;

    /** Slices of these begin anywhere, so there are as many texts as there are letters. */
    private static final int LETTERS = 1 << 20;

    private final byte[] text;
    private final int[] starts;
    private final byte[] letters;
    private final int keyLength;
    private final int textLength;
    private final long zero;
    private final KeyDistribution.Keys keys;
    private final boolean keyed;
    private final SplittableRandom random;

    /**
     * @param opening in front of the first record
     * @param separator between two records
     * @param closing behind the last
     * @param zero the nano time that is {@link #EPOCH}
     */
    public Batch(
            RecordShape shape, int records, String opening, String separator, String closing, long zero, long seed) {
        this.random = new SplittableRandom(seed);
        this.zero = zero;
        this.keyed = shape.distribution() != KeyDistribution.NONE;
        this.keys = shape.distribution().over(shape.keys());
        this.textLength = shape.payload() - VALUE_FRAME;
        this.letters = new byte[LETTERS + textLength];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) ('a' + random.nextInt(26));
        }
        String key = keyed ? text(KEY) + "0".repeat(KEY_DIGITS) + text(KEY_END) : text(NO_KEY);
        this.keyLength = key.length();
        String record = key + text(VALUE) + EPOCH + text(TEXT) + "x".repeat(textLength) + text(VALUE_END) + "}";
        StringBuilder whole = new StringBuilder(opening);
        this.starts = new int[records];
        for (int i = 0; i < records; i++) {
            whole.append(i == 0 ? "" : separator);
            starts[i] = whole.length();
            whole.append(record);
        }
        this.text = ascii(whole.append(closing).toString());
    }

    /** How long a request will be. */
    public static int length(RecordShape shape, int records, String opening, String separator, String closing) {
        boolean keyed = shape.distribution() != KeyDistribution.NONE;
        int key = keyed ? KEY.length + KEY_DIGITS + KEY_END.length : NO_KEY.length;
        return opening.length()
                + records * (key + shape.payload() + 1)
                + (records - 1) * separator.length()
                + closing.length();
    }

    /**
     * Draws the records anew. The array is always the same; a caller may change what it put in front itself. @param
     * sentAt the time that goes into their values
     */
    public byte[] render(long sentAt) {
        long at = EPOCH + (sentAt - zero);
        for (int start : starts) {
            if (keyed) {
                digits(keys.next(random), start + KEY.length, KEY_DIGITS);
            }
            int time = start + keyLength + VALUE.length;
            digits(at, time, TIME_DIGITS);
            System.arraycopy(letters, random.nextInt(LETTERS), text, time + TIME_DIGITS + TEXT.length, textLength);
        }
        return text;
    }

    public int length() {
        return text.length;
    }

    public int records() {
        return starts.length;
    }

    private void digits(long number, int at, int count) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
