package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads the frames that answer requests, in the format of a {@link Subprotocol}. Thread-safe. */
public interface AnswerScanner {

    /**
     * The answer in a frame; null if it is one of the frames that are JSON in every subprotocol.
     *
     * @param frame whose readable bytes are read, but not consumed
     * @throws io.millrace.bench.run.BenchException if it is malformed, or answers a request that was not sent
     */
    @Nullable
    Answer answer(ByteBuf frame);
}
