package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads the frames that answer requests, as their {@link Subprotocol} writes them. For any thread. */
public interface AnswerScanner {

    /**
     * The answer that a frame is; null if it is one of those that are JSON in every subprotocol.
     *
     * @param frame what is readable of it, which stays so
     * @throws io.millrace.bench.run.BenchException if it is none that there is, or to a request that was not sent
     */
    @Nullable
    Answer answer(ByteBuf frame);
}
