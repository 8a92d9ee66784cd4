package io.millrace.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The thread of a client's WebSockets, started for the first of them. Thread-safe. */
final class SocketLoop implements AutoCloseable {

    private @Nullable EventLoopGroup group;
    private boolean closed;

    ChannelFuture connect(HubUrl hub, Duration patience, ChannelInitializer<Channel> pipeline) {
        return new Bootstrap()
                .group(group())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(patience.toMillis()))
                .handler(pipeline)
                .connect(hub.host(), hub.port());
    }

    private synchronized EventLoopGroup group() {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        EventLoopGroup running = group;
        if (running == null) {
            running = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("millrace-client", true), NioIoHandler.newFactory());
            group = running;
        }
        return running;
    }

    @Override
    public synchronized void close() {
        closed = true;
        EventLoopGroup running = group;
        if (running != null) {
            running.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
