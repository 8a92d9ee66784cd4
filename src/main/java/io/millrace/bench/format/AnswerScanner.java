package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;

/**
 * Reads the frames that answer requests whose records were stored, as their {@link Subprotocol} writes them. A frame is
 * at a place of a buffer, where it stays. For any thread.
 */
public interface AnswerScanner {

    /** Whether a frame is such an answer; if not, it is one of those that are JSON in every subprotocol. */
    boolean holdsAnswer(ByteBuf buffer, int from, int length);

    /** Which request an answer is for. */
    int ref(ByteBuf buffer, int from);

    /**
     * How many records an answer gives a position for.
     *
     * @throws io.millrace.bench.run.BenchException if it is as long as no answer is
     */
    int positions(ByteBuf buffer, int from, int length);
}
