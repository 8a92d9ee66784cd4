package io.millrace.admission;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.http.RequestIds;
import io.millrace.logging.LimitedLog;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import reactor.netty.NettyPipeline;

/**
 * The gate of one connection: stops the requests that {@link Admission} refuses, answers browsers' preflight requests,
 * and adds the {@link AnswerHeaders} to answers.
 *
 * <p>Answers go out in the order of their requests. So a refusal waits until all earlier requests are answered; if it
 * had to wait, the connection is closed after it. Used on the connection's event loop.
 */
final class HttpGate extends ChannelDuplexHandler {

    private static final LimitedLog log = LimitedLog.of(HttpGate.class);
    private static final long MOMENT_MILLIS = 1000;

    private final AdmissionRules rules;

    /** The requests that have passed and are not answered yet, in order. */
    private final Queue<Admitted> unanswered = new ArrayDeque<>(4);

    private @Nullable Admission admission;
    private Incoming incoming = Incoming.PASSES;
    private boolean skipped;

    /** Whether the last request has been received completely. */
    private boolean whole = true;

    /** Requests that change something, since all were last answered. */
    private int changes;

    /** The client has shut down its output. */
    private boolean halfClosed;

    /** A refusal that waits for the answers before it; the connection is closed after it. */
    private @Nullable FullHttpResponse last;

    /** What becomes of the parts of a request. */
    private enum Incoming {
        PASSES,
        /** Up to the end of a request that has been answered here. */
        SKIPPED,
        /** The connection is about to end. */
        DROPPED
    }

    HttpGate(AdmissionRules rules) {
        this.rules = rules;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        whole = message instanceof LastHttpContent;
        if (incoming != Incoming.DROPPED && message instanceof HttpRequest request) {
            received(context, request);
        } else if (incoming == Incoming.PASSES) {
            context.fireChannelRead(message);
        } else {
            skip(message);
        }
    }

    private void skip(Object message) {
        skipped = true;
        if (incoming == Incoming.SKIPPED && message instanceof LastHttpContent) {
            incoming = Incoming.PASSES;
        }
        ReferenceCountUtil.release(message);
    }

    private void received(ChannelHandlerContext context, HttpRequest request) {
        try {
            if (request.decoderResult().isFailure()) {
                HubException unreadable =
                        BareAnswers.unreadable(request.decoderResult().cause());
                log(context, unreadable);
                answer(context, request, end(BareAnswers.problem(unreadable, null)));
                return;
            }
            if (request.protocolVersion().majorVersion() != 1) {
                HubException version =
                        new HubException(HubError.UNSUPPORTED_HTTP_VERSION, "this hub speaks HTTP/1.1 and HTTP/1.0");
                log(context, version);
                answer(context, request, end(BareAnswers.problem(version, null)));
                return;
            }
            Admitted admitted = admission(context).admit(request);
            if (admitted.preflight()) {
                answer(context, request, permission(request, admitted));
            } else {
                unanswered.add(admitted);
                changes += Targets.isRead(request.method()) ? 0 : 1;
                context.fireChannelRead(request);
            }
        } catch (HubException refusal) {
            log(context, refusal);
            answer(context, request, BareAnswers.problem(refusal, Targets.path(request.uri())));
        }
    }

    /** Tells operators what a setting lacks, or which client sends invalid requests. */
    private static void log(ChannelHandlerContext context, HubException refusal) {
        log.line(
                Level.INFO,
                "refused {} of {}: {}",
                refusal.error().code(),
                context.channel().remoteAddress(),
                refusal.detail());
    }

    private Admission admission(ChannelHandlerContext context) {
        Admission known = admission;
        if (known == null) {
            InetAddress local =
                    context.channel().localAddress() instanceof InetSocketAddress address ? address.getAddress() : null;
            known = new Admission(rules, local);
            admission = known;
        }
        return known;
    }

    private static FullHttpResponse permission(HttpRequest request, Admitted admitted) {
        FullHttpResponse permission = BareAnswers.empty();
        if (admitted.origin() != null) {
            AnswerHeaders.share(permission.headers(), admitted.origin());
        }
        AnswerHeaders.permit(permission.headers(), request.headers());
        return permission;
    }

    private static FullHttpResponse end(FullHttpResponse answer) {
        answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return answer;
    }

    /** Answers a request that is not passed on. */
    private void answer(ChannelHandlerContext context, HttpRequest request, FullHttpResponse answer) {
        String own = context.channel().id().asShortText();
        answer.headers().set(RequestIds.HEADER, RequestIds.of(request.headers().get(RequestIds.HEADER), own));
        addHeaders(answer, null);
        // A client that expects 100 does not send its body after this; the codec would take what follows for the body.
        if (!unanswered.isEmpty() || !HttpUtil.isKeepAlive(request) || HttpUtil.is100ContinueExpected(request)) {
            end(answer);
        }
        incoming = answer.headers().contains(HttpHeaderNames.CONNECTION) ? Incoming.DROPPED : Incoming.SKIPPED;
        skip(request);
        if (unanswered.isEmpty()) {
            send(context, answer);
        } else {
            last = answer;
        }
    }

    private void send(ChannelHandlerContext context, FullHttpResponse answer) {
        var sent = context.writeAndFlush(answer);
        if (incoming == Incoming.DROPPED) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.fireChannelReadComplete();
        // No other handler knows that there is more to read.
        if (skipped && incoming != Incoming.DROPPED) {
            context.read();
        }
        skipped = false;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            if (response instanceof FullHttpResponse full
                    && full.status().codeClass() == HttpStatusClass.CLIENT_ERROR) {
                FullHttpResponse document = BareAnswers.instead(full);
                if (document != null) {
                    full.release();
                    response = document;
                }
            }
            addHeaders(response, unanswered.peek());
            context.write(response, promise);
            written(context, response);
        } else {
            context.write(message, promise);
            if (message instanceof LastHttpContent) {
                answered(context);
            }
        }
    }

    private void written(ChannelHandlerContext context, HttpResponse response) {
        if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            // No longer HTTP: a client that shuts down its output without a close frame has gone.
            context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
            context.pipeline().replace(this, context.name(), new EarlyBytes());
        } else if (response instanceof HttpContent && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            answered(context);
        }
    }

    private void answered(ChannelHandlerContext context) {
        unanswered.poll();
        if (unanswered.isEmpty()) {
            changes = 0;
        }
        FullHttpResponse waiting = last;
        if (waiting != null && unanswered.isEmpty()) {
            last = null;
            send(context, waiting);
        } else if (halfClosed && unanswered.isEmpty()) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /**
     * A client that has sent its last byte may still wait for answers, or be gone: TCP does not tell which. Requests
     * that change something are still answered, and so is a truncated body, as an incomplete one. A client that only
     * reads gets a moment: otherwise a stream or a long poll would go on for a departed client until there is something
     * to write. TLS has an end of its own, at which Reactor Netty closes the connection. That is too early if answers
     * can still be sent.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean endOfTls = event instanceof SslCloseCompletionEvent end
                && end.isSuccess()
                && context.pipeline().get(SslHandler.class) instanceof SslHandler tls
                && !tls.engine().isOutboundDone();
        if (!endOfTls) {
            context.fireUserEventTriggered(event);
        }
        if ((endOfTls || event instanceof ChannelInputShutdownEvent) && !halfClosed) {
            halfClosed = true;
            if (!whole && incoming == Incoming.PASSES && !unanswered.isEmpty()) {
                endCutBody(context);
            } else if (!whole || unanswered.isEmpty() && last == null) {
                context.close();
            } else if (changes == 0) {
                context.executor().schedule(() -> context.close(), MOMENT_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** The body's reader sees broken framing: the complete lines of an NDJSON body are stored. */
    private static void endCutBody(ChannelHandlerContext context) {
        LastHttpContent cut = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        cut.setDecoderResult(
                DecoderResult.failure(new PrematureChannelClosureException("the client sends no more of its body")));
        ChannelHandlerContext codec = context.pipeline().context(NettyPipeline.HttpCodec);
        codec.fireChannelRead(cut);
        codec.fireChannelReadComplete();
    }

    private void addHeaders(HttpResponse response, @Nullable Admitted admitted) {
        AnswerHeaders.addTo(response.headers());
        if (!rules.origins().isEmpty()) {
            AnswerHeaders.varyByOrigin(response.headers());
        }
        if (admitted != null && admitted.origin() != null) {
            AnswerHeaders.share(response.headers(), admitted.origin());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        FullHttpResponse waiting = last;
        if (waiting != null) {
            last = null;
            waiting.release();
        }
    }
}
