package io.millrace.bench.connection;

import io.millrace.bench.format.Asciis;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.hub.Refusals;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.client.message.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * A WebSocket client (RFC 6455) that passes frames on in place, in the buffer that they were read into. Netty's codec
 * copies each frame: with it the event loop took 11 to 14 % more for a record of {@code bench consume --protocol
 * websocket} in three runs of four, and 18 % more for one of {@code bench produce --protocol websocket --batch 100}.
 * Used on its event loop only.
 */
public abstract class WebSocketConnection extends BenchConnection {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int SWITCHING_PROTOCOLS = 101;

    private static final int FIN_TEXT = 0x81;
    private static final int FIN_BINARY = 0x82;
    private static final int FIN_CLOSE = 0x88;
    private static final int FIN_PING = 0x89;
    private static final int FIN_PONG = 0x8a;
    private static final int MASKED = 0x80;
    private static final int LENGTH_BITS = 0x7f;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int LARGEST_HEADER = 14;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final HubUrl hub;
    private final Subprotocol subprotocol;
    private final int recordsKind;
    private final SplittableRandom random = new SplittableRandom();
    private final String key;
    private int status;
    private final ByteArrayOutputStream refusal = new ByteArrayOutputStream();
    private boolean upgraded;
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private byte[] masked = new byte[0];

    protected WebSocketConnection(Run run, HubUrl hub, Subprotocol subprotocol) {
        super(run);
        this.hub = hub;
        this.subprotocol = subprotocol;
        this.recordsKind = subprotocol.binary() ? FIN_BINARY : FIN_TEXT;
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

    /**
     * Handles a frame of a frequent kind: one that the {@link Subprotocol} has a format of its own for. It is valid
     * until this returns.
     *
     * @return false if it is another frame
     */
    protected abstract boolean take(ByteBuf frame);

    /** Handles any other frame, which holds no records. */
    protected abstract void other(Frame frame);

    @Override
    protected final void connected() {
        String request = "GET " + hub.path() + "/v1/ws HTTP/1.1\r\n" + hub.headers()
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + key + "\r\nSec-WebSocket-Protocol: " + subprotocol.token() + "\r\n\r\n";
        byte[] bytes = Asciis.bytes(request);
        write(buffer(bytes.length).writeBytes(bytes));
    }

    @Override
    protected final void received(Object message) {
        switch (message) {
            case ByteBuf bytes when upgraded -> frames(bytes);
            case HttpResponse head -> handshake(head);
            default -> {}
        }
        if (message instanceof HttpContent part) {
            refusal.writeBytes(ByteBufUtil.getBytes(part.content()));
            if (message instanceof LastHttpContent) {
                if (status != SWITCHING_PROTOCOLS) {
                    throw Refusals.of("a WebSocket", status, refusal.toByteArray());
                }
                upgraded = true;
                context().pipeline().remove(HttpResponseDecoder.class);
                opened();
            }
        }
    }

    private void handshake(HttpResponse head) {
        status = head.status().code();
        if (status == SWITCHING_PROTOCOLS && !accept().equals(head.headers().get("Sec-WebSocket-Accept"))) {
            throw new BenchException("the server at " + hub + " is not a WebSocket server");
        }
    }

    private String accept() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(Asciis.bytes(key + GUID));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void frames(ByteBuf read) {
        if (!pending.isReadable()) {
            long missing = split(read);
            if (read.isReadable()) {
                int rest = read.readableBytes();
                pending = context().alloc().directBuffer((int) Math.min(rest + missing, Integer.MAX_VALUE - 8));
                pending.writeBytes(read);
            }
            return;
        }
        pending.writeBytes(read);
        long missing = split(pending);
        ByteBuf old = pending;
        if (!old.isReadable()) {
            pending = Unpooled.EMPTY_BUFFER;
            old.release();
        } else if (old.readerIndex() > 0) {
            pending = context().alloc().directBuffer((int)
                    Math.min(old.readableBytes() + missing, Integer.MAX_VALUE - 8));
            pending.writeBytes(old);
            old.release();
        }
    }

    /** Handles the complete frames; returns how many bytes of the next one are missing. */
    private long split(ByteBuf in) {
        while (true) {
            int at = in.readerIndex();
            int readable = in.readableBytes();
            if (readable < 2) {
                return LARGEST_HEADER;
            }
            int length7 = in.getByte(at + 1) & LENGTH_BITS;
            int header = length7 == LONG_LENGTH ? 10 : length7 == SHORT_LENGTH ? 4 : 2;
            if (readable < header) {
                return LARGEST_HEADER;
            }
            long length =
                    switch (length7) {
                        case LONG_LENGTH -> in.getLong(at + 2);
                        case SHORT_LENGTH -> in.getUnsignedShort(at + 2);
                        default -> length7;
                    };
            if (readable < header + length) {
                return header + length - readable;
            }
            in.readerIndex(at + header + (int) length);
            frame(in.getUnsignedByte(at), in, at + header, (int) length);
        }
    }

    private void frame(int kind, ByteBuf in, int from, int length) {
        switch (kind) {
            case FIN_TEXT, FIN_BINARY -> message(kind, in, from, length);
            case FIN_PING -> {
                byte[] content = new byte[length];
                in.getBytes(from, content);
                send(FIN_PONG, content);
            }
            case FIN_PONG -> {}
            case FIN_CLOSE -> throw new BenchException("the hub closed a connection: " + reason(in, from, length));
            default -> throw new BenchException("the hub, or a proxy in front of it, sends fragmented frames");
        }
    }

    private void message(int kind, ByteBuf in, int from, int length) {
        if (kind == recordsKind && take(in.slice(from, length))) {
            return;
        }
        if (kind == FIN_BINARY) {
            throw new BenchException("the hub sent a binary frame that is not one of " + subprotocol.token()
                    + ", or one of another subscription");
        }
        other(Refusals.parsed(ByteBufUtil.getBytes(in, from, length)));
    }

    private static String reason(ByteBuf in, int from, int length) {
        return length < 2
                ? "no reason given"
                : in.getUnsignedShort(from) + " " + in.toString(from + 2, length - 2, StandardCharsets.UTF_8);
    }

    protected final void send(String text) {
        send(FIN_TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a frame that holds records. */
    protected final void sendRecords(byte[] frame) {
        send(recordsKind, frame);
    }

    private void send(int kind, byte[] content) {
        int length = content.length;
        ByteBuf out = buffer(LARGEST_HEADER + length).writeByte(kind);
        if (length < SHORT_LENGTH) {
            out.writeByte(MASKED | length);
        } else if (length < 1 << Short.SIZE) {
            out.writeByte(MASKED | SHORT_LENGTH).writeShort(length);
        } else {
            out.writeByte(MASKED | LONG_LENGTH).writeLong(length);
        }
        int mask = random.nextInt();
        write(out.writeInt(mask).writeBytes(mask(content, length, mask), 0, length));
    }

    /** A mask of zeros would avoid this, but also spare the hub the unmasking that other clients cause. */
    private byte[] mask(byte[] content, int length, int mask) {
        if (masked.length < length) {
            masked = new byte[length];
        }
        long mask8 = (mask & 0xffff_ffffL) << Integer.SIZE | (mask & 0xffff_ffffL);
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            LONGS.set(masked, at, (long) LONGS.get(content, at) ^ mask8);
        }
        for (; at < length; at++) {
            masked[at] = (byte) (content[at] ^ mask >> (3 - (at & 3)) * Byte.SIZE);
        }
        return masked;
    }
}
