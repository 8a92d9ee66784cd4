package io.millrace.bench.connection;

import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The threads that generate load, few and busy: with epoll if available, else NIO. Closing them closes all of their
 * connections. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {

    private static final int CONNECT_MILLIS = 10_000;
    private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Connections being opened at a time: more would overflow the accept queue of the hub's operating system. */
    private static final int AT_ONCE = 100;

    /** Large enough for a whole frame of records, so that frames rarely need to be assembled. */
    private static final int MOST_READ_AT_ONCE = 256 * 1024;

    private final HubUrl hub;
    private final MultiThreadIoEventLoopGroup group;
    private final List<EventLoop> loops;

    public EventLoops(HubUrl hub, int threads) {
        this.hub = hub;
        this.group = new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory("bench", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loops = IntStream.range(0, threads)
                .<EventLoop>mapToObj(_ -> group.next())
                .toList();
    }

    public int count() {
        return loops.size();
    }

    /** @param index taken modulo the number of loops */
    public EventLoop loop(int index) {
        return loops.get(index % loops.size());
    }

    public HubUrl hub() {
        return hub;
    }

    /** Opens connections, round robin on the event loops, and waits until all of them can be used. */
    public void openAll(Run run, int count, IntFunction<? extends BenchConnection> connection) {
        Semaphore places = new Semaphore(AT_ONCE);
        List<CompletableFuture<Void>> open = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            while (!tryAcquire(places)) {
                run.check();
            }
            BenchConnection next = connection.apply(i);
            next.whenOpen().thenRun(places::release);
            open.add(next.whenOpen());
            connect(loop(i), next);
        }
        if (!run.await(CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)), OPEN_NANOS)) {
            throw new BenchException("the hub does not answer new connections");
        }
    }

    private static boolean tryAcquire(Semaphore places) {
        try {
            return places.tryAcquire(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupted);
        }
    }

    private void connect(EventLoop loop, BenchConnection connection) {
        new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 4096, MOST_READ_AT_ONCE))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(decoder()).addLast(connection);
                    }
                })
                .connect(new InetSocketAddress(hub.host(), hub.port()))
                .addListener(connected -> {
                    Throwable failure = connected.cause();
                    if (failure != null) {
                        connection.fail(
                                new BenchException("no connection to " + hub + ": " + reason(failure), failure));
                    }
                });
    }

    /**
     * All connections begin as HTTP, and some remain so. Validation of the headers is off: it is a good part of the
     * cost of decoding.
     */
    private static HttpResponseDecoder decoder() {
        return new HttpResponseDecoder(new HttpDecoderConfig().setValidateHeaders(false));
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Closes all connections and waits for that. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
