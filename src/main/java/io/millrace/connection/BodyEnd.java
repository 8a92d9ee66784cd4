package io.millrace.connection;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.netty.buffer.ByteBuf;

/**
 * Whether one body has come to its end: to the length that its client has declared or to its last chunk. That no more
 * comes says nothing, see {@link BodyEnds}. Used by one thread at a time.
 */
public final class BodyEnd {

    private final long declared;
    private long length;
    private boolean marked;

    /** @param declared the length that the client has announced, or -1 */
    public BodyEnd(long declared) {
        this.declared = declared;
    }

    /** Counts a buffer that has come; true if it is the end itself and holds nothing. */
    public boolean reachedBy(ByteBuf buffer) {
        if (buffer == BodyEnds.MARK) {
            marked = true;
            return true;
        }
        length += buffer.readableBytes();
        return false;
    }

    /**
     * To be called when no more comes.
     *
     * @throws HubException {@link HubError#INVALID_REQUEST} unless all has come
     */
    public void check() {
        if (declared >= 0 ? length != declared : !marked) {
            throw new HubException(
                    HubError.INVALID_REQUEST, "the body does not come to its end: its last chunk or bytes are missing");
        }
    }
}
