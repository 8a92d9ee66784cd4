package io.millrace.rest;

import io.millrace.testing.Hub;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One connection to a hub over which anything can be sent. */
final class RawHttp implements AutoCloseable {

    private static final int DEADLINE_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    RawHttp(Hub hub) throws IOException {
        socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", hub.port()), DEADLINE_MILLIS);
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    /** Sends bytes on a connection of their own and returns the answer. */
    static Answer exchange(Hub hub, byte[] request) throws IOException {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(request);
            return connection.read();
        }
    }

    void send(String latin1) throws IOException {
        send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    /** Reads one response; its body ends where its headers say, or with the connection. */
    Answer read() throws IOException {
        Answer head = head();
        byte[] body = head.status() < 200 || head.status() == 204 ? new byte[0] : body(head.headers());
        return new Answer(head.status(), head.headers(), body);
    }

    /** The same for a response that has no end, unless it is a refusal. */
    Answer readHead() throws IOException {
        Answer head = head();
        return head.status() < 300 ? head : new Answer(head.status(), head.headers(), body(head.headers()));
    }

    /** The same for a response that has no body. */
    Answer readHeadAlone() throws IOException {
        return head();
    }

    private Answer head() throws IOException {
        String start = line();
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        HttpHeaders headers = HttpHeaders.of(fields, (_, _) -> true);
        int status = Integer.parseInt(start.split(" ")[1]);
        return new Answer(status, headers, new byte[0]);
    }

    /** The status and the headers of a response that has no end. */
    String headers() throws IOException {
        StringBuilder headers = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            headers.append(line).append('\n');
        }
        return headers.toString();
    }

    /** Waits for the answer's first byte without taking it. */
    void awaitAnswer() throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            throw new EOFException("the hub closed the connection");
        }
        in.reset();
    }

    /** Whether bytes have arrived that were not read. */
    boolean answered() throws IOException {
        return in.available() > 0;
    }

    /** Everything that arrives until the hub closes the connection. */
    String rest() throws IOException {
        return new String(((InputStream) in).readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Reads and discards everything until the connection ends. */
    void drain() {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException gone) {
            // as intended
        }
    }

    /** Shuts down the output; answers can still be read. */
    void endRequest() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes the connection so that the hub sees it reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private byte[] body(HttpHeaders headers) throws IOException {
        if (headers.firstValue("transfer-encoding").orElse("").equals("chunked")) {
            return chunks();
        }
        var length = headers.firstValueAsLong("content-length");
        return length.isPresent() ? exactly((int) length.getAsLong()) : ((InputStream) in).readAllBytes();
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int length = chunkLength(); length > 0; length = chunkLength()) {
            body.write(exactly(length));
            line();
        }
        line();
        return body.toByteArray();
    }

    private int chunkLength() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the hub closed the connection after: " + line);
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }
}
