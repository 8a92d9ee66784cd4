package io.millrace.stream.websocket;

import io.millrace.stream.websocket.frame.Subprotocol;
import io.millrace.testing.RawWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Measures the network bytes and the hub's CPU time that subscribers take, alternately without compression and with it.
 * Run {@code main} by hand against a hub with {@code millrace.stream.websocket-compression=true}. Arguments: its port,
 * that of its metrics, a topic of one partition, the subprotocol ({@code JSON} or {@code BINARY}), the number of
 * subscribers, the records that each reads, and where from ({@code earliest}, or {@code latest} while records are
 * produced). Frames are read raw: the bytes are those on the wire.
 */
final class StreamCompression {

    private static final int ROUNDS = 4;
    private static final int BUFFER = 256 * 1024;

    private final int port;
    private final int managementPort;
    private final String topic;
    private final Subprotocol subprotocol;
    private final String from;
    private final AtomicLong wire = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();

    private StreamCompression(int port, int managementPort, String topic, Subprotocol subprotocol, String from) {
        this.port = port;
        this.managementPort = managementPort;
        this.topic = topic;
        this.subprotocol = subprotocol;
        this.from = from;
    }

    static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        Subprotocol subprotocol = Subprotocol.valueOf(arguments[3]);
        for (int round = 0; round < 2 * ROUNDS; round++) {
            new StreamCompression(port, Integer.parseInt(arguments[1]), arguments[2], subprotocol, arguments[6])
                    .measure(Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]), round % 2 == 1);
        }
    }

    private void measure(int subscribers, long most, boolean compressed) throws Exception {
        List<RawWebSocket> sockets = new ArrayList<>();
        for (int i = 0; i < subscribers; i++) {
            String protocol = "Sec-WebSocket-Protocol: " + subprotocol.token();
            sockets.add(
                    compressed
                            ? new RawWebSocket(port, BUFFER, protocol, "Sec-WebSocket-Extensions: permessage-deflate")
                            : new RawWebSocket(port, BUFFER, protocol));
        }
        double cpu = cpuNanos();
        long start = System.nanoTime();
        CountDownLatch reading = new CountDownLatch(subscribers);
        for (RawWebSocket socket : sockets) {
            Thread.ofPlatform().daemon().start(() -> {
                read(socket, most);
                reading.countDown();
            });
        }
        reading.await();
        double seconds = (System.nanoTime() - start) / 1e9;
        double all = records.get();
        System.out.printf(
                "%s %s: %,.0f records/s, %.0f records a frame, %.1f bytes and %.2f us of the hub's CPU a record%n",
                subprotocol,
                compressed ? "compressed" : "plain     ",
                all / seconds,
                all / frames.get(),
                wire.get() / all,
                (cpuNanos() - cpu) / 1e3 / all);
        for (RawWebSocket socket : sockets) {
            socket.close();
        }
    }

    private void read(RawWebSocket socket, long most) {
        try {
            socket.send(
                    RawWebSocket.TEXT,
                    ("{\"type\":\"subscribe\",\"id\":\"s\",\"topics\":[\"" + topic + "\"],\"from\":\"" + from
                                    + "\",\"credits\":" + most + "}")
                            .getBytes(StandardCharsets.UTF_8));
            Inflater inflater = new Inflater(true);
            byte[] inflated = new byte[4 * 1024 * 1024];
            long read = 0;
            while (read < most) {
                RawWebSocket.Frame frame = socket.read();
                int found = records(frame, inflater, inflated);
                if (found > 0) {
                    read += found;
                    records.addAndGet(found);
                    frames.incrementAndGet();
                    wire.addAndGet(frame.payload().length + 4L);
                } else if (frame.opcode() == RawWebSocket.PING) {
                    socket.send(RawWebSocket.PONG, frame.payload());
                }
            }
            inflater.end();
        } catch (IOException | DataFormatException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private int records(RawWebSocket.Frame frame, Inflater inflater, byte[] inflated) throws DataFormatException {
        byte[] content = frame.payload();
        int length = content.length;
        if (frame.rsv1()) {
            inflater.reset();
            inflater.setInput(content);
            length = inflater.inflate(inflated);
            content = inflated;
        }
        if (frame.opcode() == RawWebSocket.BINARY) {
            ByteBuffer opening = ByteBuffer.wrap(content).position(1);
            for (int i = 0; i < 2; i++) {
                opening.position(opening.position() + Short.BYTES + opening.getShort(opening.position()));
            }
            return opening.getInt(opening.position() + Integer.BYTES + 3 * Long.BYTES);
        }
        int found = 0;
        for (int i = 0; i < length - 9; i++) {
            if (content[i] == '{' && content[i + 2] == 'o' && content[i + 3] == 'f' && content[i + 8] == '"') {
                found++;
            }
        }
        return found;
    }

    private double cpuNanos() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("process_cpu_time_ns_total"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}
