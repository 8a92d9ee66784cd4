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
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the answers of one connection, whoever writes them. A client that takes nothing of an answer for a while is
 * cut off. An answer that ends before its end resets the connection, as a close alone would look like the end of an
 * answer without a length; that is counted unless it was the client that went. Used on the event loop.
 */
final class AnswerWatch extends ChannelDuplexHandler implements ChannelFutureListener {

    static final AttributeKey<Boolean> STALLED = AttributeKey.valueOf("millrace.stalled");

    /** Who writes has asked for what waits: it is not counted here. */
    static final AttributeKey<Boolean> COUNTED = AttributeKey.valueOf("millrace.counted");

    /** How often within the time that a client may take nothing it is looked whether it does. */
    private static final int LOOKS = 4;

    private final BrokenAnswers broken;
    private final long stallNanos;
    private final Hold waiting;
    private final Ticker ticker;
    private long waitingBytes;
    private final ChannelFutureListener ended = written -> answer(!written.isSuccess());
    private boolean answering;
    private boolean clientGone;

    /** It sends no more, and may have gone: nobody can tell. */
    private boolean clientDone;

    private boolean counted;
    private @Nullable Throwable failure;
    private boolean looking;
    private long writesDone;
    private long lastWritesDone;
    private long lastProgress;
    private long stuckSince;

    /** @param waiting takes what waits for the client */
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
            // What is written next would be taken for the missing part.
            written.channel().close();
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (pending(context.channel())) {
            count(context.channel());
            if (!looking) {
                looking = true;
                stuckSince = ticker.nanos();
                lookLater(context);
            }
        }
    }

    /**
     * What waits is there, so it is counted and not asked for. Netty tells that a message has been taken before it
     * subtracts its bytes: the last one would stay counted for as long as nothing else is answered.
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

    private void lookLater(ChannelHandlerContext context) {
        context.executor().schedule(() -> look(context), stallNanos / LOOKS, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (context.isRemoved() || buffer == null || buffer.isEmpty()) {
            looking = false;
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
            lookLater(context);
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (answering && !clientGone) {
            breakOff(context.channel());
        }
        context.close(promise);
    }

    private void breakOff(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        boolean forNobody = clientDone && failure == null && !Connections.stalled(channel);
        if (!counted && !forNobody) {
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
        clientDone |= event instanceof ChannelInputShutdownEvent;
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        clientGone |= cause instanceof IOException;
        context.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // A failure in the socket's own writing closes the connection without asking the handlers.
        if (answering && !clientGone && failure != null) {
            breakOff(context.channel());
        }
        clientGone = true;
        waiting.close();
        context.fireChannelInactive();
    }
}
