package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Reads the frames of a subscription that hold records, in the format of its {@link Subprotocol}, and recognises a
 * frame that it has read before without reading it again. A frame is the readable bytes of a buffer, which are not
 * consumed. Used by one thread.
 */
public interface FrameScanner {

    /** Whether a frame holds records; if not, it is one of the frames that are JSON in every subprotocol. */
    boolean holdsRecords(ByteBuf frame);

    /**
     * Reads a frame that holds records.
     *
     * @return the records, valid until the next call
     * @throws io.millrace.bench.run.BenchException if the frame is malformed
     */
    ScannedRecords scan(ByteBuf frame);

    /** A cheap hash: equal for frames with the same records, and usually different for others. */
    int hash(ByteBuf frame);

    /** A copy of the part of a frame by which {@link #matches} recognises its records in other frames. */
    ByteBuffer imprint(ByteBuf frame);

    /** Whether a frame holds the same records as the frame of the imprint, and need not be read. */
    boolean matches(ByteBuf frame, ByteBuffer imprint);
}
