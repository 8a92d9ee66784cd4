package io.millrace.bench.format;

import io.millrace.bench.run.BenchException;
import io.millrace.codec.BinaryFrameReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Reads the binary frames of {@link Subprotocol#BINARY}. */
final class BinaryAnswerScanner implements AnswerScanner {

    @Override
    public Answer answer(ByteBuf frame) {
        try {
            BinaryFrameReader.Produced produced = new BinaryFrameReader(ByteBufUtil.getBytes(frame)).produced();
            return new Answer(Refs.parse(produced.ref()), produced.offsets().length);
        } catch (IllegalArgumentException none) {
            throw new BenchException("the hub sent a binary frame that is not an answer: " + none.getMessage(), none);
        }
    }
}
