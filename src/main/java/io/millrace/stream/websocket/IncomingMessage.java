package io.millrace.stream.websocket;

import io.millrace.budget.HeldBytes;
import io.millrace.budget.Hold;
import io.millrace.budget.Share;
import io.millrace.time.Ticker;
import io.netty.buffer.ByteBuf;

/**
 * What has come of a message that has not ended: the bytes of a frame that is not whole, which the decoder keeps, and
 * the fragments before it, compressed if they are. Their memory is the connection's share; a message that came whole
 * with one read costs neither that nor a look at the clock. Used on the event loop, but for {@link #since} and
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
     * Says what the decoder keeps of a frame that is not whole.
     *
     * @param capacity of its buffer
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

    /** Whether a fragment of so many bytes would make the message too long. */
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

    /** A message has come to its end and has been dealt with. */
    void ended() {
        if (fragmented) {
            fragmented = false;
            fragments.clear();
        }
        if (since != 0) {
            since = 0;
        }
    }

    /** The socket was not read, or a message could not have gone on for another reason: its time begins anew. */
    void resumed() {
        if (since != 0) {
            since = ticker.nanos();
        }
    }

    /** Since when a message is under way, by the ticker; 0 if none is. */
    long since() {
        return since;
    }

    /** What has come of it. */
    int bytes() {
        return bytes;
    }

    @Override
    public void close() {
        frame.close();
        fragments.close();
    }
}
