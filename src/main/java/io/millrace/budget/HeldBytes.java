package io.millrace.budget;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that come piece by piece, in one array that grows with them and is taken from a {@link Hold}: the old array
 * too, for as long as both are there. Used by one thread at a time; {@link #close} may come from any.
 */
public final class HeldBytes implements AutoCloseable {

    private static final byte[] NONE = {};

    /** Room that is worth keeping between two things. */
    private static final int KEPT_BYTES = 16 * 1024;

    private final Hold hold;
    private final int most;
    private byte[] bytes = NONE;
    private int length;

    /** @param most the array is never longer: what the client has announced, or what is allowed */
    public HeldBytes(Hold hold, int most) {
        this.hold = hold;
        this.most = most;
    }

    /** Bytes that have come. */
    public int length() {
        return length;
    }

    /** What holds them, from its start. */
    public byte[] array() {
        return bytes;
    }

    /**
     * Makes room for more behind what is there; false, and nothing has changed, if the memory is not to be had.
     *
     * @param more with what is there, no more than the most
     */
    public boolean reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed <= bytes.length) {
            return true;
        }
        if (needed > most) {
            throw new IllegalArgumentException(needed + " bytes are more than " + most);
        }
        return resize((int) Math.min(most, Math.max(needed, 2L * bytes.length)));
    }

    /** To be called when bytes have been put behind what was there. */
    public void added(int count) {
        length += count;
    }

    /** Adds bytes; false, and nothing has changed, if the memory is not to be had. */
    public boolean add(byte[] source, int offset, int count) {
        if (!reserve(count)) {
            return false;
        }
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return true;
    }

    /** All bytes in an array of their length; null if the memory for that is not to be had. */
    public byte @Nullable [] whole() {
        return length == bytes.length || resize(length) ? bytes : null;
    }

    /** Forgets the bytes, and the room for them if that is much. */
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

    /** Forgets the bytes and gives back their memory, with all else that the hold has. */
    @Override
    public void close() {
        bytes = NONE;
        length = 0;
        hold.close();
    }
}
