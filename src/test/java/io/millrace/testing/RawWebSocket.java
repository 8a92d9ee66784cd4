package io.millrace.testing;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** A WebSocket connection that can send any bytes, also partial frames. Frames are masked with zeros. */
public final class RawWebSocket implements AutoCloseable {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    /** Set next to a frame's opcode: its message is compressed. */
    public static final int RSV1 = 0x40;

    private static final int DEADLINE_MILLIS = 30_000;
    private static final int SMALL_BUFFER = 16 * 1024;

    private final Socket socket = new Socket();
    private final OutputStream out;
    private final DataInputStream in;
    private final String answer;

    /** A frame of the hub's. */
    public record Frame(int opcode, byte[] payload, boolean rsv1) {}

    /** @param headers additional headers of the handshake, such as {@code "Sec-WebSocket-Protocol: hub.v1.bin"} */
    public RawWebSocket(int port, String... headers) throws IOException {
        this(port, SMALL_BUFFER, headers);
    }

    /** @param receiveBuffer the socket's receive buffer size */
    public RawWebSocket(int port, int receiveBuffer, String... headers) throws IOException {
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress("127.0.0.1", port), DEADLINE_MILLIS);
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out.write(
                ("GET /v1/ws HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                + String.join(
                                        "",
                                        Stream.of(headers)
                                                .map(header -> header + "\r\n")
                                                .toList()) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("no handshake: " + head);
        }
        answer = head.toString();
    }

    /** The head of the hub's answer to the handshake. */
    public String answer() {
        return answer;
    }

    /** Sends a frame that is a whole message. */
    public void send(int opcode, byte[] payload) throws IOException {
        send(opcode, true, payload);
    }

    public void send(int opcode, boolean last, byte[] payload) throws IOException {
        byte[] head = head(opcode, last, payload.length);
        byte[] frame = java.util.Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, frame, head.length, payload.length);
        sendBytes(frame);
    }

    /** A frame's head that announces a payload of the given length. */
    public static byte[] head(int opcode, boolean last, int length) {
        ByteBuffer head = ByteBuffer.allocate(14).put((byte) (last ? 0x80 | opcode : opcode));
        if (length < 126) {
            head.put((byte) (0x80 | length));
        } else if (length < 65_536) {
            head.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            head.put((byte) (0x80 | 127)).putLong(length);
        }
        head.putInt(0);
        return java.util.Arrays.copyOf(head.array(), head.position());
    }

    public void sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The next frame; throws EOFException at the end of the connection. */
    public Frame read() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(first & 0x0f, payload, (first & RSV1) != 0);
    }

    /** Reads until a frame with this opcode comes. */
    public Frame read(int opcode) throws IOException {
        Frame frame = read();
        while (frame.opcode() != opcode) {
            frame = read();
        }
        return frame;
    }

    /** Reads until the hub closes the connection; returns its close code, or 0 without one. */
    public int closeCode() throws IOException {
        try {
            Frame close = read(CLOSE);
            return close.payload().length < 2
                    ? 0
                    : ByteBuffer.wrap(close.payload()).getShort();
        } catch (EOFException silent) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
