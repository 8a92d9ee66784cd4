package io.millrace.faults;

import io.millrace.testing.RawWebSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Clients that send endless or unfinished requests, or do not read the answers. */
final class HostileSenders {

    private static final int MB = 1024 * 1024;
    private static final byte[] PIECE = new byte[64 * 1024];

    static {
        Arrays.fill(PIECE, (byte) ' ');
    }

    private HostileSenders() {}

    /** All kinds, in the numbers that once brought down a hub or stopped its clients. */
    static List<Hostile> of(String topic) {
        return Stream.of(requests(topic), HostileFrames.of(topic))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Hostile> requests(String topic) {
        String records = "/v1/topics/" + topic + "/records";
        return List.of(
                new Hostile("bodies of 16 MB, 15 sent", 4, body(records, "application/json", 16 * MB, 15 * MB)),
                new Hostile("text of 16 MB, 15 sent", 4, body(records, "text/plain", 16 * MB, 15 * MB)),
                new Hostile(
                        "bodies for /v1/topics, 15 MB sent",
                        4,
                        body("/v1/topics", "application/json", 16 * MB, 15 * MB)),
                new Hostile("unfinished lines, 15 MB sent", 4, line(records)),
                new Hostile("unfinished small bodies", 100, body(records, "application/json", 12_000, 11_000)),
                new Hostile("unfinished heads", 100, HostileSenders::head),
                new Hostile("messages of 7 MB in one frame", 120, message(false)),
                new Hostile("messages of 7 MB in fragments", 120, message(true)),
                new Hostile("pings, answers not read", 1, HostileSenders::pings),
                new Hostile("requests, answers not read", 4, HostileSenders::pipeline),
                new Hostile("heads without end", 20, HostileSenders::headers),
                new Hostile("lines without end", 1, lines(records)),
                new Hostile("unfinished handshakes", 5_000, HostileSenders::handshake));
    }

    /** Header after header; the hub answers that they are too large, and closes. */
    private static void headers(int port, BooleanSupplier running) throws IOException {
        try (Socket socket = connect(port)) {
            OutputStream out = socket.getOutputStream();
            send(socket, "GET /v1/limits HTTP/1.1\r\nHost: localhost\r\n", 0);
            for (int i = 0; running.getAsBoolean(); i++) {
                out.write(("X-" + i + ": a\r\n").repeat(20).getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** A body of records, as fast as the hub reads it; the answer is not read. */
    private static Hostile.Script lines(String path) {
        byte[] lines = "{\"value\":1}\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        byte[] size = (Integer.toHexString(lines.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] end = {'\r', '\n'};
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n";
        return (port, running) -> {
            try (Socket socket = connect(port)) {
                send(socket, head, 0);
                while (running.getAsBoolean()) {
                    socket.getOutputStream().write(size);
                    socket.getOutputStream().write(lines);
                    socket.getOutputStream().write(end);
                }
            }
        };
    }

    /** From another address: beyond its share of connections it is closed at once. */
    private static void handshake(int port, BooleanSupplier running) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress("127.0.0.2", 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
            socket.setSoTimeout(500);
            send(socket, "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n", 0);
            linger(socket, running);
        }
    }

    private static Hostile.Script body(String path, String type, int length, int sent) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + length + "\r\n\r\n";
        return (port, running) -> {
            try (Socket socket = connect(port)) {
                send(socket, head, sent);
                linger(socket, running);
            }
        };
    }

    private static Hostile.Script line(String path) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(16 * MB) + "\r\n";
        return (port, running) -> {
            try (Socket socket = connect(port)) {
                send(socket, head, 15 * MB);
                linger(socket, running);
            }
        };
    }

    private static void head(int port, BooleanSupplier running) throws IOException {
        try (Socket socket = connect(port)) {
            send(socket, "GET /v1/limits HTTP/1.1\r\nHost: localhost\r\nX-Some: thing", 0);
            linger(socket, running);
        }
    }

    private static Hostile.Script message(boolean fragments) {
        return (port, running) -> {
            try (RawWebSocket socket = new RawWebSocket(port)) {
                if (!fragments) {
                    socket.sendBytes(RawWebSocket.head(RawWebSocket.TEXT, true, 8 * MB));
                }
                for (int sent = 0; sent < 7 * MB; sent += PIECE.length) {
                    if (fragments) {
                        socket.send(sent == 0 ? RawWebSocket.TEXT : RawWebSocket.CONTINUATION, false, PIECE);
                    } else {
                        socket.sendBytes(PIECE);
                    }
                }
                while (running.getAsBoolean()) {
                    socket.read();
                }
            }
        };
    }

    private static void pings(int port, BooleanSupplier running) throws IOException {
        byte[] head = RawWebSocket.head(RawWebSocket.PING, true, 125);
        byte[] ping = Arrays.copyOf(head, head.length + 125);
        byte[] many = new byte[400 * ping.length];
        for (int at = 0; at < many.length; at += ping.length) {
            System.arraycopy(ping, 0, many, at, ping.length);
        }
        try (RawWebSocket socket = new RawWebSocket(port)) {
            while (running.getAsBoolean()) {
                socket.sendBytes(many);
            }
        }
    }

    private static void pipeline(int port, BooleanSupplier running) throws IOException {
        byte[] many =
                "GET /v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(90).getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = connect(port)) {
            while (running.getAsBoolean()) {
                socket.getOutputStream().write(many);
            }
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
        socket.setSoTimeout(500);
        return socket;
    }

    private static void send(Socket socket, String head, int more) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        for (int sent = 0; sent < more; sent += PIECE.length) {
            out.write(PIECE, 0, Math.min(PIECE.length, more - sent));
        }
    }

    /** Stays until the hub closes the connection. */
    private static void linger(Socket socket, BooleanSupplier running) throws IOException {
        while (running.getAsBoolean()) {
            try {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException stillOpen) {
                // Keep waiting.
            }
        }
    }
}
