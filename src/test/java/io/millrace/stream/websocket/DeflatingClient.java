package io.millrace.stream.websocket;

import io.millrace.stream.websocket.frame.Subprotocol;
import io.millrace.testing.Hub;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketClientExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateClientExtensionHandshaker;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client made of Netty's own classes, which compresses, inflates and sends messages in fragments; the public client
 * does none of these.
 */
final class DeflatingClient implements AutoCloseable {

    /** An inflated message. */
    record Message(boolean text, byte[] content) {

        JsonNode json() {
            return JSON.readTree(content);
        }
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST = 16 * 1024 * 1024;
    private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("deflating-client", true), NioIoHandler.newFactory());

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final AtomicInteger compressed = new AtomicInteger();
    private final AtomicInteger compressedBytes = new AtomicInteger();
    private final Channel channel;
    private volatile @Nullable String agreed;

    private DeflatingClient(Hub hub, Subprotocol subprotocol) {
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(hub.ws("/v1/ws"))
                .subprotocol(subprotocol.token())
                .allowExtensions(true)
                .maxFramePayloadLength(LONGEST)
                .build();
        this.channel = new Bootstrap()
                .group(LOOP)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(LONGEST),
                                        new Raw(),
                                        new WebSocketClientExtensionHandler(
                                                new PerMessageDeflateClientExtensionHandshaker(
                                                        6, false, 15, true, false, LONGEST)),
                                        new WebSocketClientProtocolHandler(config),
                                        new Inflated());
                    }
                })
                .connect("127.0.0.1", hub.port())
                .syncUninterruptibly()
                .channel();
        opened.orTimeout(20, TimeUnit.SECONDS).join();
    }

    static DeflatingClient connect(Hub hub, Subprotocol subprotocol) {
        return new DeflatingClient(hub, subprotocol);
    }

    /** The extension that the hub accepted; null for none. */
    @Nullable
    String agreed() {
        return agreed;
    }

    /** The number of compressed messages received. */
    int compressed() {
        return compressed.get();
    }

    /** The bytes of the compressed messages on the wire. */
    int compressedBytes() {
        return compressedBytes.get();
    }

    /** Sends text written with single quotes, split into {@code fragments}. */
    void send(String text, int fragments) {
        send(true, text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), fragments);
    }

    void send(boolean text, byte[] message, int fragments) {
        int size = message.length / fragments;
        for (int i = 0; i < fragments; i++) {
            boolean last = i == fragments - 1;
            ByteBuf part = Unpooled.wrappedBuffer(
                    Arrays.copyOfRange(message, i * size, last ? message.length : (i + 1) * size));
            WebSocketFrame frame = i > 0
                    ? new ContinuationWebSocketFrame(last, 0, part)
                    : text ? new TextWebSocketFrame(last, 0, part) : new BinaryWebSocketFrame(last, 0, part);
            channel.writeAndFlush(frame).syncUninterruptibly();
        }
    }

    Message next() {
        try {
            Message message = messages.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came");
            }
            return message;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }

    /** Sees messages before they are inflated. */
    private final class Raw extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse answer) {
                agreed = answer.headers().get("Sec-WebSocket-Extensions");
            } else if (message instanceof WebSocketFrame frame && frame.rsv() != 0) {
                compressedBytes.addAndGet(frame.content().readableBytes());
                compressed.incrementAndGet();
            }
            context.fireChannelRead(message);
        }
    }

    private final class Inflated extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            messages.add(new Message(frame instanceof TextWebSocketFrame, ByteBufUtil.getBytes(frame.content())));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                opened.complete(null);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            opened.completeExceptionally(failure);
            context.close();
        }
    }
}
