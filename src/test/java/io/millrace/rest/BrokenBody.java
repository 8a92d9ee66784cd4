package io.millrace.rest;

import static io.millrace.rest.BadRequest.join;
import static io.millrace.rest.BadRequest.latin1;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * A request whose body is incomplete or badly framed.
 *
 * @param cut the client shuts down its output after the bytes; otherwise it waits for an answer
 */
record BrokenBody(String name, byte[] bytes, boolean cut) {

    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final String LAST = "0\r\n\r\n";

    /** The ways to break the body of a request. */
    static Stream<BrokenBody> of(String what, String line, String headers, String body) {
        String http11 = line + " HTTP/1.1\r\nHost: localhost\r\n" + headers;
        String http10 = line + " HTTP/1.0\r\nHost: localhost\r\n" + headers;
        byte[] whole = latin1(body);
        byte[] chunk = join(latin1(Integer.toHexString(whole.length) + "\r\n"), whole, latin1("\r\n"));
        return Stream.of(
                        refused("an invalid chunk size", http11 + CHUNKED, chunk, "zz\r\n"),
                        refused("a negative chunk size", http11 + CHUNKED, chunk, "-1\r\n"),
                        refused("a chunk size of more than 32 bits", http11 + CHUNKED, chunk, "ffffffffff\r\n"),
                        refused("a chunk size without an end", http11 + CHUNKED, chunk, "1".repeat(10_000)),
                        refused("a chunk that is longer than it says", http11 + CHUNKED, longer(whole), LAST),
                        refused("a trailer without a name", http11 + CHUNKED, chunk, "0\r\n: x\r\n\r\n"),
                        refused("a trailer with a NUL", http11 + CHUNKED, chunk, "0\r\nA: \u0000\r\n\r\n"),
                        refused("gzip in chunks", http11 + "Transfer-Encoding: gzip, chunked\r\n\r\n", chunk, LAST),
                        refused("gzip without an end", http11 + "Transfer-Encoding: gzip\r\n\r\n", chunk, LAST),
                        refused("chunks in HTTP/1.0", http10 + CHUNKED, chunk, LAST),
                        cut("no last chunk", http11 + CHUNKED, chunk),
                        cut("half a last chunk", http11 + CHUNKED, join(chunk, latin1("0\r\n"))),
                        cut("half a trailer", http11 + CHUNKED, join(chunk, latin1("0\r\nA: b"))),
                        cut("half a chunk", http11 + CHUNKED, Arrays.copyOf(chunk, chunk.length - 3)),
                        cut("a length that is not reached", http11 + length(whole.length + 1), whole),
                        cut("a length that is not reached in HTTP/1.0", http10 + length(whole.length + 1), whole))
                .map(body1 -> new BrokenBody(what + ": " + body1.name, body1.bytes, body1.cut));
    }

    private static BrokenBody refused(String name, String head, byte[] chunk, String end) {
        return new BrokenBody(name, join(latin1(head), chunk, latin1(end)), false);
    }

    private static BrokenBody cut(String name, String head, byte[] body) {
        return new BrokenBody(name, join(latin1(head), body), true);
    }

    private static String length(int bytes) {
        return "Content-Length: " + bytes + "\r\n\r\n";
    }

    /** The body is complete, but the chunk is declared one byte too short. */
    private static byte[] longer(byte[] whole) {
        return join(latin1(Integer.toHexString(whole.length - 1) + "\r\n"), whole, latin1("\r\n"));
    }

    @Override
    public String toString() {
        return name;
    }
}
