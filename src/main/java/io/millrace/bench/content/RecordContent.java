package io.millrace.bench.content;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws keys and values of one {@link RecordShape}: the number of a key, the time at which a record was due, and a
 * slice of random letters. The letters compress no better than those of a real log at best. Drawing allocates nothing:
 * it overwrites an existing record. Used by one thread.
 */
public final class RecordContent {

    /** Send times count from this value, so that they always have the same number of digits. */
    public static final long EPOCH = 1_000_000_000_000_000L;

    private static final int TIME_DIGITS = 16;
    private static final String KEY = "key-";
    private static final int KEY_DIGITS = 7;

    private static final byte[] VALUE = ascii("{\"at\":");
    private static final String TEXT = ",\"text\":\"";
    private static final String VALUE_END = "\"}";

    /** Where the send time ends in a value. */
    public static final int SEND_TIME_END = VALUE.length + TIME_DIGITS;

    private static final int LETTERS_AT = SEND_TIME_END + TEXT.length();

    /** Bytes of a value around its letters. */
    static final int VALUE_FRAME = LETTERS_AT + VALUE_END.length();

    /** Slices begin at any of these letters, so there are as many texts as letters. */
    private static final int LETTERS = 1 << 20;

    private final RecordShape shape;
    private final KeyDistribution.Keys keys;
    private final int textLength;
    private final byte[] letters;
    private final long zero;
    private final SplittableRandom random;

    /** @param zero the nano time that is {@link #EPOCH} */
    public RecordContent(RecordShape shape, long zero, long seed) {
        this.shape = shape;
        this.zero = zero;
        this.random = new SplittableRandom(seed);
        this.keys = shape.distribution().over(shape.keys());
        this.textLength = shape.payload() - VALUE_FRAME;
        this.letters = new byte[LETTERS + textLength];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) ('a' + random.nextInt(26));
        }
    }

    /** A key to be overwritten. */
    static byte[] key() {
        return ascii(KEY + "0".repeat(KEY_DIGITS));
    }

    /** A value to be overwritten. */
    static byte[] value(int payload) {
        return ascii("{\"at\":" + EPOCH + TEXT + "x".repeat(payload - VALUE_FRAME) + VALUE_END);
    }

    /**
     * Draws a record.
     *
     * @param key where the key begins in the request
     * @param value where the value begins in the request
     * @param sentAt the time written into the value
     */
    public void draw(byte[] request, int key, int value, long sentAt) {
        if (shape.keyed()) {
            Digits.write(keys.next(random), request, key + KEY.length(), KEY_DIGITS);
        }
        Digits.write(EPOCH + (sentAt - zero), request, value + VALUE.length, TIME_DIGITS);
        System.arraycopy(letters, random.nextInt(LETTERS), request, value + LETTERS_AT, textLength);
    }

    /** The send time in a value, including {@link #EPOCH}; 0 for a value that the bench has not produced. */
    public static long sendTime(byte[] text, int from, int end) {
        int digit = from + VALUE.length;
        if (digit > end || !Arrays.equals(text, from, digit, VALUE, 0, VALUE.length)) {
            return 0;
        }
        long time = 0;
        for (; digit < end && text[digit] >= '0' && text[digit] <= '9'; digit++) {
            time = time * 10 + text[digit] - '0';
        }
        return time;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
