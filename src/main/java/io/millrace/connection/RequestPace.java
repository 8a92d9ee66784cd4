package io.millrace.connection;

import io.millrace.edge.Problems;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.json.JsonBuffer;
import io.millrace.time.Ticker;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * Ends requests that make no progress: a head has {@code head-timeout}, a body {@code body-grace} and one more second
 * for each {@code body-rate} that has arrived. The client gets a 408 unless an answer has begun, and the connection is
 * closed. Time while the hub itself does not read does not count.
 *
 * <p>Reactor Netty's own limits do not do that: its idle timeout restarts with every byte, and its request timeout is
 * the same for any length and closes the connection without an answer.
 *
 * <p>One per connection, behind the codec, on its event loop. A request that arrives completely in one read costs
 * neither a timer nor a look at the clock.
 */
public final class RequestPace extends ChannelDuplexHandler {

    private enum Phase {
        BETWEEN,
        HEAD,
        BODY
    }

    private static final String NAME = "millrace.pace";

    private final ConnectionProperties properties;
    private final ConnectionMetrics metrics;
    private final Ticker ticker;
    private Phase phase = Phase.BETWEEN;

    /** When the phase began, by the ticker, once it has outlived a read; 0 before. */
    private long since;

    private long bytes;
    private boolean decoded;
    private boolean reading;
    private boolean checkScheduled;

    /** Requests that were received and are not completely answered. */
    private int open;

    /** There are too many open requests; what follows is discarded. */
    private boolean overfull;

    private boolean answering;
    private boolean informational;
    private boolean expired;
    private volatile @Nullable Unfinished stream;

    RequestPace(ConnectionProperties properties, ConnectionMetrics metrics, Ticker ticker) {
        this.properties = properties;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    /** The body that is next or arriving may take any time, unlike an element that has begun in it. */
    public static void stream(Channel connection, Unfinished unfinished) {
        if (connection.pipeline().get(NAME) instanceof RequestPace pace) {
            pace.stream = unfinished;
        }
    }

    @Override
    public void read(ChannelHandlerContext context) {
        reading = true;
        context.read();
    }

    /** Failures of the codec do not matter on a connection that is being closed for too many requests. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (!overfull) {
            context.fireExceptionCaught(failure);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (overfull) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!decoded) {
            decoded = true;
            // Handlers that want more ask for it while this is handled, or later. If a read yields no message, the
            // codec reads on by itself.
            reading = false;
        }
        if (message instanceof HttpRequest) {
            begin(Phase.BODY);
            if (open++ == 0) {
                answering = false;
                stream = null;
            }
            if (open > properties.maxPipelined()) {
                overfull = true;
                metrics.cut(ConnectionMetrics.Cut.PIPELINE);
                ReferenceCountUtil.release(message);
                context.close();
                return;
            }
        }
        if (message instanceof HttpContent content) {
            bytes += content.content().readableBytes();
            if (message instanceof LastHttpContent) {
                begin(Phase.BETWEEN);
            }
        }
        context.fireChannelRead(message);
    }

    private void begin(Phase next) {
        phase = next;
        since = 0;
        bytes = 0;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (phase == Phase.BETWEEN && !decoded) {
            begin(Phase.HEAD);
        }
        if (phase != Phase.BETWEEN && since == 0) {
            since = ticker.nanos();
            watch(context, phase == Phase.HEAD ? properties.headTimeout().toNanos() : properties.allowedNanos(0));
        }
        decoded = false;
        context.fireChannelReadComplete();
    }

    private void watch(ChannelHandlerContext context, long nanos) {
        if (!checkScheduled) {
            checkScheduled = true;
            context.executor().schedule(() -> check(context), nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void check(ChannelHandlerContext context) {
        checkScheduled = false;
        if (phase == Phase.BETWEEN || since == 0 || !context.channel().isActive()) {
            return;
        }
        long now = ticker.nanos();
        if (!reading && phase == Phase.BODY) {
            since = now;
        }
        long left = phase == Phase.HEAD ? since + properties.headTimeout().toNanos() - now : leftForBody(now);
        if (left > 0) {
            watch(context, left);
        } else if (phase == Phase.HEAD) {
            endHead(context);
        } else {
            endBody(context);
        }
    }

    private long leftForBody(long now) {
        Unfinished unfinished = stream;
        if (unfinished == null) {
            return since + properties.allowedNanos(bytes) - now;
        }
        long begun = unfinished.since();
        if (begun == 0) {
            since = now;
            return properties.allowedNanos(0);
        }
        // An element that began while the hub did not read has its full time from when the hub read again.
        return Math.max(begun, since) + properties.allowedNanos(unfinished.bytes()) - now;
    }

    private void endHead(ChannelHandlerContext context) {
        if (open > 0) {
            // An answer is being sent, and ends first.
            since = ticker.nanos();
            watch(context, properties.headTimeout().toNanos());
            return;
        }
        metrics.cut(ConnectionMetrics.Cut.HEAD);
        phase = Phase.BETWEEN;
        JsonBuffer json = new JsonBuffer(512);
        Problems.write(json, late("the head of the request did not arrive completely"), null);
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_TIMEOUT, Unpooled.wrappedBuffer(json.toByteArray()));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                .set(HttpHeaderNames.CONTENT_LENGTH, json.length())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * The reader of the body gets the failure and answers; the connection is closed after that, or if it cannot answer.
     */
    private void endBody(ChannelHandlerContext context) {
        if (expired || open != 1 || answering) {
            metrics.cut(ConnectionMetrics.Cut.BODY);
            context.close();
            return;
        }
        expired = true;
        since = ticker.nanos();
        bytes = 0;
        stream = null;
        watch(context, properties.allowedNanos(0));
        context.fireExceptionCaught(late("the body did not arrive completely"));
    }

    private static HubException late(String detail) {
        return new HubException(HubError.REQUEST_TIMEOUT, detail + " in time");
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
                begin(Phase.BETWEEN);
                context.pipeline().remove(this);
            } else if (!informational) {
                answering = true;
                if (expired) {
                    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                }
            }
        }
        if (message instanceof LastHttpContent && !informational) {
            open--;
            answering = false;
            if (expired) {
                metrics.cut(ConnectionMetrics.Cut.BODY);
                context.write(message, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
                return;
            }
        }
        context.write(message, promise);
    }
}
