package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;

/** The text frames of {@link Subprotocol#JSON}: the {@code ref} comes first, and each position is an object. */
final class JsonAnswerScanner implements AnswerScanner {

    private static final byte[] OPENING = Asciis.bytes("{\"type\":\"produced\",\"ref\":\"");

    @Override
    public boolean holdsAnswer(ByteBuf buffer, int from, int length) {
        return Asciis.startsWith(buffer, from, length, OPENING);
    }

    @Override
    public int ref(ByteBuf buffer, int from) {
        return RequestFormat.ref(buffer, from + OPENING.length);
    }

    /** One brace is the frame's own. */
    @Override
    public int positions(ByteBuf buffer, int from, int length) {
        return Asciis.count(buffer, from, length, '{') - 1;
    }
}
