package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the text frames of {@link Subprotocol#JSON}: the {@code ref} comes first, and each position is an object. */
final class JsonAnswerScanner implements AnswerScanner {

    private static final byte[] OPENING = Asciis.bytes("{\"type\":\"produced\",\"ref\":\"");

    /** Counts positions by their braces, after the frame's own. */
    @Override
    public @Nullable Answer answer(ByteBuf frame) {
        int from = frame.readerIndex();
        if (!Asciis.startsWith(frame, from, OPENING)) {
            return null;
        }
        int at = from + OPENING.length;
        String ref = frame.toString(at, Refs.DIGITS, StandardCharsets.US_ASCII);
        return new Answer(Refs.parse(ref), Asciis.count(frame, at, frame.writerIndex() - at, '{'));
    }
}
