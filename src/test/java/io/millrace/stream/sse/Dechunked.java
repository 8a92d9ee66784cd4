package io.millrace.stream.sse;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The decoded body of a chunked response. */
final class Dechunked extends FilterInputStream {

    private int left;
    private boolean first = true;

    Dechunked(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
            left = nextLength();
            if (left == 0) {
                return -1;
            }
        }
        int count = in.read(target, offset, Math.min(left, length));
        left -= Math.max(0, count);
        return count;
    }

    /** Only within this chunk: a caller that reads while bytes are available would block on the next chunk. */
    @Override
    public int available() throws IOException {
        return Math.min(left, in.available());
    }

    private int nextLength() throws IOException {
        if (!first) {
            line();
        }
        first = false;
        return Integer.parseInt(line(), 16);
    }

    /** Reads a line of ASCII from the socket, and no byte beyond it. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
