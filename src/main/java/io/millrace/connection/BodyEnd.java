package io.millrace.connection;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.netty.buffer.ByteBuf;

/**
 * Whether one body is complete: up to the length that its client has declared, or its last chunk. The end of its stream
 * alone does not tell, see {@link BodyEnds}. Used by one thread at a time.
 */
public final class BodyEnd {

    private final long declared;
    private long length;
    private boolean marked;

    /** @param declared the length that the client has declared, or -1 */
    public BodyEnd(long declared) {
        this.declared = declared;
    }

    /** Counts a buffer; true if it is the mark of the end, which holds nothing. */
    public boolean reachedBy(ByteBuf buffer) {
        if (buffer == BodyEnds.MARK) {
            marked = true;
            return true;
        }
        length += buffer.readableBytes();
        return false;
    }

    /**
     * To be called at the end of the stream.
     *
     * @throws HubException {@link HubError#INVALID_REQUEST} unless the body is complete
     */
    public void check() {
        if (declared >= 0 ? length != declared : !marked) {
            throw new HubException(
                    HubError.INVALID_REQUEST, "the body is incomplete: its last chunk or bytes are missing");
        }
    }
}
