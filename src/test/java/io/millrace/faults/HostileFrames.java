package io.millrace.faults;

import io.millrace.testing.RawWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** WebSocket clients that send more frames than any use needs. */
final class HostileFrames {

    private static final int AT_ONCE = 500;
    private static final byte[] ONE_BYTE = {' '};

    private HostileFrames() {}

    static List<Hostile> of(String topic) {
        String subscribe = frame("'subscribe','id':'s','topics':['%s'],'from':'latest','credits':1".formatted(topic));
        byte[] permits = many(frame("'permit','id':'s','records':1"));
        byte[] subscriptions = many(subscribe, frame("'unsubscribe','id':'s'"));
        byte[] unknown = many(frame("'permit','id':'none','records':1"));
        return List.of(
                new Hostile("messages in fragments of a byte", 4, HostileFrames::fragments),
                new Hostile("floods of permits", 4, flood(subscribe, permits, false)),
                new Hostile("floods of permits, nothing read", 4, flood(subscribe, permits, true)),
                new Hostile("floods of subscriptions", 4, flood(null, subscriptions, false)),
                new Hostile("floods of subscriptions, nothing read", 4, flood(null, subscriptions, true)),
                new Hostile("floods of bad frames", 4, flood(null, unknown, false)));
    }

    private static String frame(String typeAndFields) {
        return ("{'type':" + typeAndFields + "}").replace('\'', '"');
    }

    /** Many times the same frames, as one piece. */
    private static byte[] many(String... frames) {
        byte[][] encoded = Arrays.stream(frames).map(HostileFrames::encoded).toArray(byte[][]::new);
        int length = Arrays.stream(encoded).mapToInt(frame -> frame.length).sum();
        byte[] many = new byte[AT_ONCE * length];
        int at = 0;
        while (at < many.length) {
            for (byte[] frame : encoded) {
                System.arraycopy(frame, 0, many, at, frame.length);
                at += frame.length;
            }
        }
        return many;
    }

    private static byte[] encoded(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] head = RawWebSocket.head(RawWebSocket.TEXT, true, payload.length);
        byte[] frame = Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, frame, head.length, payload.length);
        return frame;
    }

    private static void fragments(int port, BooleanSupplier running) throws IOException {
        byte[] head = RawWebSocket.head(RawWebSocket.CONTINUATION, false, 1);
        byte[] one = Arrays.copyOf(head, head.length + 1);
        byte[] many = new byte[AT_ONCE * one.length];
        for (int at = 0; at < many.length; at += one.length) {
            System.arraycopy(one, 0, many, at, one.length);
        }
        try (RawWebSocket socket = new RawWebSocket(port)) {
            socket.send(RawWebSocket.TEXT, false, ONE_BYTE);
            while (running.getAsBoolean()) {
                socket.sendBytes(many);
            }
        }
    }

    private static Hostile.Script flood(String first, byte[] many, boolean deaf) {
        return (port, running) -> {
            try (RawWebSocket socket = new RawWebSocket(port)) {
                if (first != null) {
                    socket.sendBytes(encoded(first));
                }
                if (!deaf) {
                    Thread.ofVirtual().start(() -> readAll(socket));
                }
                while (running.getAsBoolean()) {
                    socket.sendBytes(many);
                }
            }
        };
    }

    private static void readAll(RawWebSocket socket) {
        try {
            while (true) {
                socket.read();
            }
        } catch (IOException closed) {
            // The sender notices too.
        }
    }
}
