package io.millrace.budget;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that arrive piece by piece, in one array that grows with them. A {@link Hold} counts the array, and the old
 * one, too, while both exist. Used by one thread at a time; {@link #close} may be called by any.
 */
public final class HeldBytes implements AutoCloseable {

    private static final byte[] NONE = {};

    /** {@link #clear} keeps an array up to this size. */
    private static final int KEPT_BYTES = 16 * 1024;

    private final Hold hold;
    private final int most;
    private final boolean allExpected;
    private byte[] bytes = NONE;
    private int length;

    /** @param most the most that the array may grow to */
    public HeldBytes(Hold hold, int most) {
        this(hold, most, false);
    }

    private HeldBytes(Hold hold, int most, boolean allExpected) {
        this.hold = hold;
        this.most = most;
        this.allExpected = allExpected;
    }

    /** For bytes whose number is known. */
    public static HeldBytes expecting(Hold hold, int length) {
        return new HeldBytes(hold, length, true);
    }

    /** How many bytes have arrived. */
    public int length() {
        return length;
    }

    /** The array that has them, from its start. */
    public byte[] array() {
        return bytes;
    }

    /**
     * Makes room for more bytes at the end; false, and nothing has changed, if there is no memory for it.
     *
     * <p>The array doubles. If all is expected, it becomes as large as that once it would have more than two thirds of
     * it. Otherwise, for an unlucky size of the first piece, the last two arrays together would be nearly twice as
     * large as the whole: more than an idle node has for the largest body.
     *
     * @param more together with the present bytes, at most {@code most}
     */
    public boolean reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed <= bytes.length) {
            return true;
        }
        if (needed > most) {
            throw new IllegalArgumentException(needed + " bytes are more than " + most);
        }
        long doubled = Math.max(needed, 2L * bytes.length);
        return resize(doubled > (allExpected ? most / 3 * 2 : most) ? most : (int) doubled);
    }

    /** To be called after bytes were written to the reserved room. */
    public void added(int count) {
        length += count;
    }

    /** Adds bytes; false, and nothing has changed, if there is no memory for them. */
    public boolean add(byte[] source, int offset, int count) {
        if (!reserve(count)) {
            return false;
        }
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return true;
    }

    /** All bytes in an array of their length; null if there is no memory for it. */
    public byte @Nullable [] whole() {
        return length == bytes.length || resize(length) ? bytes : null;
    }

    /** Discards the bytes, and the array if it is large. */
    public void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            hold.shrink(bytes.length);
            bytes = NONE;
        }
    }

    private boolean resize(int capacity) {
        if (!hold.grow(capacity)) {
            return false;
        }
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, capacity);
        hold.shrink(before);
        return true;
    }

    /** Discards the bytes and closes the hold, which gives back all of its memory. */
    @Override
    public void close() {
        bytes = NONE;
        length = 0;
        hold.close();
    }
}
