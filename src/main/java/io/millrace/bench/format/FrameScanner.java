package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Reads the frames of a subscription that hold records, as its {@link Subprotocol} writes them, and recognises one that
 * it has read before without reading it. A frame is what is readable of a buffer, and stays so. Used by one thread.
 */
public interface FrameScanner {

    /** Whether a frame holds records; if not, it is one of those that are JSON in every subprotocol. */
    boolean holdsRecords(ByteBuf frame);

    /**
     * Reads a frame that holds records.
     *
     * @return what was found, until the next call
     * @throws io.millrace.bench.run.BenchException if it holds something else
     */
    ScannedRecords scan(ByteBuf frame);

    /** The same for frames that hold the same records, and mostly another for others; costs next to nothing. */
    int hash(ByteBuf frame);

    /** A copy of that part of a frame by which {@link #matches} recognises its records in other frames. */
    ByteBuffer imprint(ByteBuf frame);

    /** Whether a frame holds the very records of that from which the imprint is, and needs not be read. */
    boolean matches(ByteBuf frame, ByteBuffer imprint);
}
