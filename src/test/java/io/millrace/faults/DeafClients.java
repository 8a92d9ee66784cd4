package io.millrace.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Clients that request much from a hub but do not read the answers; each on a connection of its own. */
final class DeafClients implements AutoCloseable {

    /** Small, so that most data stays with the hub. */
    private static final int RECEIVE_BUFFER = 4096;

    private final InetSocketAddress hub;
    private final List<SocketChannel> sockets = new ArrayList<>();

    DeafClients(HubProcess hub) {
        URI uri = hub.http("/");
        this.hub = new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    /** Sends the same request on new connections. */
    void get(int connections, String path, String accept) throws IOException {
        for (int i = 0; i < connections; i++) {
            open("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: " + accept + "\r\n\r\n", new byte[0]);
        }
    }

    /** Opens WebSockets, each of which sends the same frames at once. */
    void webSockets(int connections, List<String> frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String frame : frames) {
            bytes.writeBytes(masked(frame.getBytes(StandardCharsets.UTF_8)));
        }
        for (int i = 0; i < connections; i++) {
            open(
                    "GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
                    bytes.toByteArray());
        }
    }

    private void open(String head, byte[] more) throws IOException {
        SocketChannel socket = SocketChannel.open();
        sockets.add(socket);
        socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        socket.connect(hub);
        write(socket, head.getBytes(StandardCharsets.US_ASCII));
        if (more.length > 0) {
            // Only the answer to the handshake is read: frames must not be sent before it.
            socket.read(ByteBuffer.allocate(128));
            write(socket, more);
        }
    }

    private static void write(SocketChannel socket, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
    }

    /** A text frame with a mask of zeros. */
    private static byte[] masked(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 8).put((byte) 0x81);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        }
        frame.putInt(0).put(payload);
        return java.util.Arrays.copyOf(frame.array(), frame.position());
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }
}
