package io.millrace.connection;

import io.millrace.budget.Hold;
import io.millrace.time.Ticker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the answers of one connection, independent of their writers. A client that takes nothing of an answer for a
 * while is disconnected. An answer that ends early resets the connection, as a plain close would look like the end of
 * an answer without a length; that is counted unless the client went away. Used on the event loop.
 */
final class AnswerWatch extends ChannelDuplexHandler implements ChannelFutureListener {

    static final AttributeKey<Boolean> STALLED = AttributeKey.valueOf("millrace.stalled");

    /** The writer accounts for the waiting bytes: they are not counted here. */
    static final AttributeKey<Boolean> COUNTED = AttributeKey.valueOf("millrace.counted");

    /** How often progress is checked within the time that a client may take nothing. */
    private static final int CHECKS = 4;

    private final BrokenAnswers broken;
    private final long stallNanos;
    private final Hold waiting;
    private final Ticker ticker;
    private long waitingBytes;
    private final ChannelFutureListener ended = written -> answer(!written.isSuccess());
    private boolean answering;
    private boolean clientGone;

    /** The client has shut down its output, and may have gone. */
    private boolean clientDone;

    private boolean counted;
    private @Nullable Throwable failure;
    private boolean checking;
    private long writesDone;
    private long lastWritesDone;
    private long lastProgress;
    private long stuckSince;

    /** @param waiting counts the bytes that wait for the client */
    AnswerWatch(BrokenAnswers broken, long stallNanos, Hold waiting, Ticker ticker) {
        this.broken = broken;
        this.stallNanos = stallNanos;
        this.waiting = waiting;
        this.ticker = ticker;
    }

    private void answer(boolean goesOn) {
        answering = goesOn;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse head) {
            HttpResponseStatus status = head.status();
            if (status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                context.pipeline().remove(this);
                context.write(message, promise);
                return;
            }
            answering |= status.codeClass() != HttpStatusClass.INFORMATIONAL;
        }
        ChannelPromise heard = promise.unvoid();
        if (message instanceof LastHttpContent) {
            heard.addListener(ended);
        }
        if (message instanceof HttpObject || message instanceof ReferenceCounted) {
            heard.addListener(this);
        }
        context.write(message, heard);
    }

    @Override
    public void operationComplete(ChannelFuture written) {
        writesDone++;
        if (waitingBytes > 0) {
            count(written.channel());
        }
        Throwable cause = written.cause();
        if (cause == null) {
            return;
        }
        if (cause instanceof IOException && !(cause instanceof ChannelOutputShutdownException)) {
            clientGone = true;
        } else if (failure == null) {
            failure = cause;
            // The client would take what is written next for the missing part.
            written.channel().close();
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (pending(context.channel())) {
            count(context.channel());
            if (!checking) {
                checking = true;
                stuckSince = ticker.nanos();
                checkLater(context);
            }
        }
    }

    /**
     * Waiting bytes are already in memory, so they are counted without asking. Netty completes a message's promise
     * before it subtracts its bytes: without the check for an empty buffer the last one would stay counted until the
     * next answer.
     */
    private void count(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        boolean waits = buffer != null
                && !buffer.isEmpty()
                && !Boolean.TRUE.equals(channel.attr(COUNTED).get());
        long now = waits ? buffer.totalPendingWriteBytes() : 0;
        waiting.correct(waitingBytes, now);
        waitingBytes = now;
    }

    private static boolean pending(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && !buffer.isEmpty();
    }

    private void checkLater(ChannelHandlerContext context) {
        context.executor().schedule(() -> checkProgress(context), stallNanos / CHECKS, TimeUnit.NANOSECONDS);
    }

    private void checkProgress(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (context.isRemoved() || buffer == null || buffer.isEmpty()) {
            checking = false;
            return;
        }
        long now = ticker.nanos();
        long progress = buffer.currentProgress();
        if (progress != lastProgress || writesDone != lastWritesDone) {
            stuckSince = now;
        }
        lastProgress = progress;
        lastWritesDone = writesDone;
        if (now - stuckSince >= stallNanos) {
            context.channel().attr(STALLED).set(true);
            context.channel().close();
        } else {
            checkLater(context);
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (answering && !clientGone) {
            breakOff(context.channel());
            ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
            if (tls != null) {
                // Not by TLS, whose good-bye would look like the end of the answer.
                tls.close(promise);
                return;
            }
        }
        context.close(promise);
    }

    private void breakOff(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        boolean clientLeft = clientDone && failure == null && !Connections.stalled(channel);
        if (!counted && !clientLeft) {
            counted = true;
            broken.count(channel, failure);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        waiting.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        clientDone |= event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        clientGone |= cause instanceof IOException;
        context.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // When a write to the socket fails, Netty closes the connection without calling the handlers.
        if (answering && !clientGone && failure != null) {
            breakOff(context.channel());
        }
        clientGone = true;
        waiting.close();
        context.fireChannelInactive();
    }
}
