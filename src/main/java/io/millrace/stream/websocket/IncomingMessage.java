package io.millrace.stream.websocket;

import io.millrace.budget.HeldBytes;
import io.millrace.budget.Hold;
import io.millrace.budget.Share;
import io.millrace.time.Ticker;
import io.netty.buffer.ByteBuf;

/**
 * The message that is arriving: the bytes of an incomplete frame, which the decoder keeps, and the fragments before it,
 * as they came, compressed or not. Their memory is taken from the connection's share; a message that arrives whole in
 * one read takes no memory from it and does not read the clock. Used on the event loop, except {@link #since} and
 * {@link #bytes}.
 */
final class IncomingMessage implements AutoCloseable {

    private final Ticker ticker;
    private final Hold frame;
    private final HeldBytes fragments;
    private long frameHeld;
    private boolean fragmented;
    private boolean text;
    private boolean deflated;
    private volatile long since;
    private volatile int bytes;

    /** @param longest bytes of a message */
    IncomingMessage(Share share, int longest, Ticker ticker) {
        this.ticker = ticker;
        this.frame = share.hold();
        this.fragments = new HeldBytes(share.hold(), longest);
    }

    /**
     * Accounts for what the decoder keeps of an incomplete frame.
     *
     * @param capacity of the decoder's buffer
     * @return false if there is no memory for it
     */
    boolean undecoded(int readable, int capacity) {
        long needed = readable == 0 ? 0 : capacity;
        if (needed > frameHeld) {
            if (!frame.grow(needed - frameHeld)) {
                return false;
            }
        } else if (needed < frameHeld) {
            frame.shrink(frameHeld - needed);
        }
        frameHeld = needed;
        underWay(readable);
        return true;
    }

    private void underWay(int readable) {
        if (readable > 0 || fragmented) {
            bytes = readable + fragments.length();
            if (since == 0) {
                since = ticker.nanos();
            }
        } else if (since != 0) {
            since = 0;
        }
    }

    /** A message begins that has more than one fragment, or is compressed. */
    void begin(boolean isText, boolean isDeflated) {
        text = isText;
        deflated = isDeflated;
        fragmented = true;
    }

    /** Whether {@code more} bytes would make the message too long. */
    boolean tooLong(int more, int longest) {
        return (long) fragments.length() + more > longest;
    }

    /** Takes a fragment; false if there is no memory for it. */
    boolean add(ByteBuf fragment) {
        int count = fragment.readableBytes();
        if (!fragments.reserve(count)) {
            return false;
        }
        fragment.readBytes(fragments.array(), fragments.length(), count);
        fragments.added(count);
        return true;
    }

    /** Whether the message of fragments is text. */
    boolean text() {
        return text;
    }

    /** Whether it is compressed. */
    boolean deflated() {
        return deflated;
    }

    /** The fragments, from the start of the array. */
    byte[] array() {
        return fragments.array();
    }

    int length() {
        return fragments.length();
    }

    /** A message is complete and has been handled. */
    void ended() {
        if (fragmented) {
            fragmented = false;
            fragments.clear();
        }
        if (since != 0) {
            since = 0;
        }
    }

    /** Reading from the socket stopped or resumed: the message's time begins anew. */
    void resumed() {
        if (since != 0) {
            since = ticker.nanos();
        }
    }

    /** The ticker's time at which the message began to arrive; 0 if none is arriving. */
    long since() {
        return since;
    }

    /** The bytes of it that have arrived. */
    int bytes() {
        return bytes;
    }

    @Override
    public void close() {
        frame.close();
        fragments.close();
    }
}
