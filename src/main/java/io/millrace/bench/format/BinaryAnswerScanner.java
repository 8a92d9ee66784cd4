package io.millrace.bench.format;

import io.millrace.bench.run.BenchException;
import io.netty.buffer.ByteBuf;

/** The binary frames of {@link Subprotocol#BINARY}: {@code ref}, number of positions, positions. */
final class BinaryAnswerScanner implements AnswerScanner {

    private static final byte[] OPENING = {BinaryFrames.PRODUCED, 0, RequestFormat.REF_DIGITS};
    private static final int COUNT_AT = OPENING.length + RequestFormat.REF_DIGITS;
    private static final int POSITIONS_AT = COUNT_AT + Integer.BYTES;

    /** A partition and an offset. */
    private static final int POSITION_LENGTH = Integer.BYTES + Long.BYTES;

    @Override
    public boolean holdsAnswer(ByteBuf buffer, int from, int length) {
        return length >= POSITIONS_AT && Asciis.startsWith(buffer, from, length, OPENING);
    }

    @Override
    public int ref(ByteBuf buffer, int from) {
        return RequestFormat.ref(buffer, from + OPENING.length);
    }

    @Override
    public int positions(ByteBuf buffer, int from, int length) {
        int count = buffer.getInt(from + COUNT_AT);
        if (length - POSITIONS_AT != (long) count * POSITION_LENGTH) {
            throw new BenchException(
                    "the hub sent an answer of " + length + " bytes that says it has " + count + " positions");
        }
        return count;
    }
}
