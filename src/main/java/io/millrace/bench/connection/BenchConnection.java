package io.millrace.bench.connection;

import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the hub, at the end of its pipeline. Everything written during a read is flushed at once after it.
 * Used on its event loop only, except for {@link #fail} and {@link #whenOpen}.
 */
public abstract class BenchConnection extends ChannelInboundHandlerAdapter {

    private final Run run;
    private final CompletableFuture<Void> open = new CompletableFuture<>();
    private @Nullable ChannelHandlerContext context;
    private boolean reading;

    protected BenchConnection(Run run) {
        this.run = run;
    }

    /** Completes when the connection can be used; if it cannot be opened the run fails. */
    final CompletableFuture<Void> whenOpen() {
        return open;
    }

    /** Handles a message, which is released afterwards. */
    protected abstract void received(Object message);

    /** Called when the hub has accepted the connection. */
    protected abstract void connected();

    /** To be called when the connection can be used. */
    protected void opened() {
        open.complete(null);
    }

    final void fail(BenchException failure) {
        run.fail(failure);
    }

    protected final ByteBuf buffer(int size) {
        return context().alloc().directBuffer(size, size);
    }

    protected final void write(ByteBuf bytes) {
        ChannelHandlerContext channel = context();
        if (reading) {
            channel.write(bytes, channel.voidPromise());
        } else {
            channel.writeAndFlush(bytes, channel.voidPromise());
        }
    }

    final ChannelHandlerContext context() {
        ChannelHandlerContext channel = context;
        if (channel == null) {
            throw new IllegalStateException("not connected yet");
        }
        return channel;
    }

    @Override
    public final void channelActive(ChannelHandlerContext active) {
        context = active;
        connected();
    }

    @Override
    public final void channelRead(ChannelHandlerContext source, Object message) {
        reading = true;
        try {
            received(message);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext source) {
        reading = false;
        source.flush();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext source) {
        fail(new BenchException("the hub closed a connection"));
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext source, Throwable failure) {
        fail(
                failure instanceof BenchException known
                        ? known
                        : new BenchException("a connection failed: " + failure, failure));
        source.close();
    }
}
