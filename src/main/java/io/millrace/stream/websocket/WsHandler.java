package io.millrace.stream.websocket;

import io.millrace.logging.LimitedLog;
import io.millrace.stream.websocket.frame.MessageInflater;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/** Hands a client's frames to its {@link WsConnection}, and passes none on. */
final class WsHandler extends SimpleChannelInboundHandler<WebSocketFrame> {

    private static final LimitedLog log = LimitedLog.of(WsHandler.class);

    /** RFC 6455, 7.4.2. */
    private static final int LAST_STATUS = 4999;

    /** Each event loop keeps an array of this length; longer frames get one of their own. */
    private static final int KEPT_BYTES = 64 * 1024;

    private static final FastThreadLocal<byte[]> KEPT = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[KEPT_BYTES];
        }
    };

    private final WsConnection connection;
    private final MessageReader messages;
    private final int longest;
    private final @Nullable MessageInflater inflater;

    /**
     * @param messages reads whole messages
     * @param longest bytes of a message
     * @param inflater if the client may compress, else null
     */
    WsHandler(WsConnection connection, MessageReader messages, int longest, @Nullable MessageInflater inflater) {
        this.connection = connection;
        this.messages = messages;
        this.longest = longest;
        this.inflater = inflater;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame.rsv() != 0) {
            if (inflater == null || !MessageInflater.begins(frame)) {
                end(context, WebSocketCloseStatus.PROTOCOL_ERROR, "no negotiated extension uses this reserved bit");
            } else {
                fragment(frame, true);
            }
            return;
        }
        boolean whole = frame.isFinalFragment()
                && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame);
        if (!whole && frame.content().readableBytes() < FramePace.SMALL_BYTES) {
            connection.pace().count(1);
        }
        switch (frame) {
            case TextWebSocketFrame text when text.isFinalFragment() -> whole(text.content(), messages::text);
            case PingWebSocketFrame ping -> connection.receivedPing(ByteBufUtil.getBytes(ping.content()));
            case PongWebSocketFrame pong -> connection.heard();
            case CloseWebSocketFrame close -> closed(context, close);
            case BinaryWebSocketFrame binary when binary.isFinalFragment() -> whole(binary.content(), messages::binary);
            default -> fragment(frame, false);
        }
    }

    /** The decoder has checked the order of fragments. */
    private void fragment(WebSocketFrame frame, boolean deflated) {
        IncomingMessage message = connection.incoming();
        if (!(frame instanceof ContinuationWebSocketFrame)) {
            message.begin(frame instanceof TextWebSocketFrame, deflated);
        }
        if (connection.closing()) {
            return;
        }
        if (message.tooLong(frame.content().readableBytes(), longest)) {
            connection.close(CloseReason.FRAME_TOO_LARGE, "the message is too large");
        } else if (!message.add(frame.content())) {
            connection.refuseMessage();
        } else if (frame.isFinalFragment()) {
            if (inflater != null && message.deflated()) {
                inflate(inflater, message);
            } else {
                received(message.text(), message.array(), message.length());
            }
            message.ended();
        }
    }

    private void inflate(MessageInflater inflating, IncomingMessage message) {
        switch (inflating.inflate(message.array(), message.length())) {
            case WHOLE -> received(message.text(), inflating.array(), inflating.length());
            case TOO_LONG -> connection.close(CloseReason.INFLATES_TOO_FAR, "the inflated message is too large");
            case NO_MEMORY -> connection.refuseMessage();
            case MALFORMED -> connection.close(CloseReason.MALFORMED_DEFLATE, "the message cannot be inflated");
        }
        inflating.clear();
    }

    private void received(boolean text, byte[] message, int length) {
        if (text) {
            messages.text(message, length);
        } else {
            messages.binary(message, length);
        }
    }

    /** Takes the first bytes of an array that is reused. */
    @FunctionalInterface
    private interface Receiver {
        void received(byte[] frame, int length);
    }

    private void whole(ByteBuf content, Receiver receiver) {
        int length = content.readableBytes();
        byte[] frame = length <= KEPT_BYTES ? KEPT.get() : new byte[length];
        content.readBytes(frame, 0, length);
        receiver.received(frame, length);
        connection.incoming().ended();
    }

    private void closed(ChannelHandlerContext context, CloseWebSocketFrame close) {
        if (connection.closing()) {
            context.close();
            return;
        }
        connection.closedByClient();
        // 1005 stands for a close frame without a status, and must not be sent.
        int status = close.statusCode();
        if (status > LAST_STATUS) {
            end(context, WebSocketCloseStatus.PROTOCOL_ERROR, "invalid close status");
            return;
        }
        CloseWebSocketFrame answer =
                status <= 0 || status == 1005 ? new CloseWebSocketFrame() : new CloseWebSocketFrame(status, "");
        context.writeAndFlush(answer).addListener(_ -> context.close());
    }

    private static void end(ChannelHandlerContext context, WebSocketCloseStatus status, String reason) {
        context.writeAndFlush(new CloseWebSocketFrame(status, reason)).addListener(_ -> context.close());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        switch (failure) {
            case TooLongFrameException tooLong ->
                connection.close(CloseReason.FRAME_TOO_LARGE, "the frame is too large");
            // The decoder has already sent a close frame with a status of RFC 6455.
            case CorruptedWebSocketFrameException corrupted -> context.close();
            case java.io.IOException gone -> context.close();
            default -> {
                log.failure(failure, "a WebSocket connection failed");
                connection.close(CloseReason.INTERNAL, "the hub failed");
            }
        }
    }
}
