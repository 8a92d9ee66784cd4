package io.millrace.client.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Splits incoming bytes into lines, regardless of how they are chunked. A line ends with CR, LF, or CRLF, which is not
 * part of it. Used by one thread.
 */
public final class Lines {

    private final Queue<byte[]> whole = new ArrayDeque<>();
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private boolean returned;

    /** Takes more bytes. */
    public void add(List<ByteBuffer> bytes) {
        bytes.forEach(this::add);
    }

    /** Takes more bytes. */
    public void add(ByteBuffer bytes) {
        byte[] part = new byte[bytes.remaining()];
        bytes.get(part);
        int from = 0;
        for (int at = 0; at < part.length; at++) {
            if (part[at] == '\n' || part[at] == '\r') {
                boolean second = returned && part[at] == '\n' && at == from && begun.size() == 0;
                returned = part[at] == '\r';
                if (!second) {
                    begun.write(part, from, at - from);
                    whole.add(begun.toByteArray());
                    begun.reset();
                }
                from = at + 1;
            } else {
                returned = false;
            }
        }
        begun.write(part, from, part.length - from);
    }

    /** The next line; null if there is no complete one yet. */
    public byte @Nullable [] next() {
        return whole.poll();
    }

    /** The bytes after the last line break, taken as a line: for the end of a body without a final line break. */
    public byte @Nullable [] rest() {
        byte[] rest = begun.toByteArray();
        begun.reset();
        return rest.length == 0 ? null : rest;
    }
}
