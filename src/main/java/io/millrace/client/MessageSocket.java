package io.millrace.client;

import io.millrace.client.message.Problem;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A WebSocket to a hub for raw messages; Netty implements RFC 6455. It answers pings and the hub's close frame, and
 * does not reconnect. Any thread may send. Messages that the hub does not read yet are buffered without a bound:
 * callers limit this with the futures, which complete when a message is gone.
 */
public final class MessageSocket implements AutoCloseable {

    private static final int NORMAL = 1000;
    private static final int LONGEST_REFUSAL = 1024 * 1024;

    /** Far above any frame of a hub: keeps a peer that is not a hub from filling the memory. */
    private static final int LONGEST_MESSAGE = 256 * 1024 * 1024;

    private final Channel channel;
    private final String subprotocol;

    private MessageSocket(Channel channel, String subprotocol) {
        this.channel = channel;
        this.subprotocol = subprotocol;
    }

    static MessageSocket open(
            HubUrl hub, ClientSettings settings, SocketLoop loop, List<String> subprotocols, MessageListener listener)
            throws NoAnswerException, InterruptedException {
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        hub.credentials().forEach(headers::set);
        settings.headers().forEach(headers::set);
        WebSocketClientHandshaker handshaker = WebSocketClientHandshakerFactory.newHandshaker(
                URI.create(hub.resource("/v1/ws").toString().replaceFirst("^http", "ws")),
                WebSocketVersion.V13,
                subprotocols.isEmpty() ? null : String.join(",", subprotocols),
                false,
                headers,
                LONGEST_MESSAGE);
        Handler handler = new Handler(handshaker, listener);
        ChannelFuture connecting = loop.connect(hub, settings.connect(), new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel made) {
                made.pipeline()
                        .addLast(
                                new HttpClientCodec(),
                                new HttpObjectAggregator(LONGEST_REFUSAL),
                                new WebSocketFrameAggregator(LONGEST_MESSAGE),
                                handler);
            }
        });
        connecting.addListener(connected -> {
            Throwable failure = connected.cause();
            if (failure != null) {
                handler.opened.completeExceptionally(
                        failure instanceof ConnectException ? failure : new ConnectException(failure.getMessage()));
            }
        });
        try {
            handler.await(hub, settings.connect().plus(settings.answer()));
        } catch (NoAnswerException | InterruptedException | RuntimeException failure) {
            connecting.channel().close();
            throw failure;
        }
        String agreed = handshaker.actualSubprotocol();
        return new MessageSocket(connecting.channel(), agreed == null ? "" : agreed);
    }

    /** The negotiated subprotocol; empty for none. */
    public String subprotocol() {
        return subprotocol;
    }

    /**
     * Sends a text message; the future completes when the operating system has accepted it, or fails with an
     * {@link IOException}.
     */
    public CompletableFuture<Void> send(String text) {
        return write(new TextWebSocketFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
    }

    /** The same for a binary message, whose array must not be changed until then. */
    public CompletableFuture<Void> send(byte[] bytes) {
        return write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
    }

    private CompletableFuture<Void> write(WebSocketFrame frame) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        channel.writeAndFlush(frame).addListener(written -> {
            Throwable failure = written.cause();
            if (failure == null) {
                sent.complete(null);
            } else {
                sent.completeExceptionally(failure instanceof IOException ? failure : new IOException(failure));
            }
        });
        return sent;
    }

    /** Pauses or resumes reading; while paused, data stays in the network's buffers and then with the hub. */
    public void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    /** Ends the connection with a close frame, without waiting for the hub's. */
    @Override
    public void close() {
        channel.writeAndFlush(new CloseWebSocketFrame(NORMAL, "")).addListener(_ -> channel.close());
    }

    /** Ends the connection without a close frame, like a client that dies. */
    public void abort() {
        channel.close();
    }

    /** Used on its event loop only, except for {@link #await}. */
    private static final class Handler extends SimpleChannelInboundHandler<Object> {

        private final WebSocketClientHandshaker handshaker;
        private final MessageListener listener;
        private final CompletableFuture<Void> opened = new CompletableFuture<>();
        private int status = MessageListener.BROKEN;
        private String reason = "";

        Handler(WebSocketClientHandshaker handshaker, MessageListener listener) {
            this.handshaker = handshaker;
            this.listener = listener;
        }

        void await(HubUrl hub, Duration patience) throws NoAnswerException, InterruptedException {
            try {
                opened.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                throw NoAnswerException.of(
                        hub, new HttpTimeoutException("no WebSocket in " + patience.toMillis() + " ms"));
            } catch (ExecutionException failure) {
                switch (failure.getCause()) {
                    case RefusedException refusal -> throw refusal;
                    case IOException broken -> throw NoAnswerException.of(hub, broken);
                    case null, default -> throw NoAnswerException.notUnderstood("a WebSocket", failure);
                }
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            handshaker.handshake(context.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, Object message) {
            switch (message) {
                case FullHttpResponse answer -> answered(context, answer);
                case TextWebSocketFrame text -> listener.text(ByteBufUtil.getBytes(text.content()));
                case BinaryWebSocketFrame binary -> listener.binary(ByteBufUtil.getBytes(binary.content()));
                case PingWebSocketFrame ping ->
                    context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                case CloseWebSocketFrame close -> {
                    status = close.statusCode();
                    reason = close.reasonText();
                    context.writeAndFlush(close.retain()).addListener(_ -> context.close());
                }
                default -> {
                    // An unsolicited pong.
                }
            }
        }

        private void answered(ChannelHandlerContext context, FullHttpResponse answer) {
            if (!answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                byte[] body = ByteBufUtil.getBytes(answer.content());
                opened.completeExceptionally(RefusedException.of(
                        "a WebSocket", Problem.parse(answer.status().code(), body)));
                context.close();
                return;
            }
            handshaker.finishHandshake(context.channel(), answer);
            opened.complete(null);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!opened.completeExceptionally(new IOException("the connection ended during the handshake"))
                    && !opened.isCompletedExceptionally()) {
                listener.closed(status, reason);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (!opened.completeExceptionally(failure)) {
                reason = failure.toString();
            }
            context.close();
        }
    }
}
