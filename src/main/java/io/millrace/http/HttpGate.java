package io.millrace.http;

import io.millrace.event.HubException;
import io.millrace.web.RequestIds;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
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
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The first to see a request and the last to see its answer, on each connection: lets nothing pass that
 * {@link Admission} refuses, answers what browsers ask beforehand, and puts on answers what {@link AnswerHeaders} has.
 *
 * <p>Answers go out in the order of their requests. So a refusal waits until everything before it is answered, and then
 * it is the connection's last word. Used on the connection's event loop.
 */
final class HttpGate extends ChannelDuplexHandler {

    private final AdmissionRules rules;

    /** Of the requests that were let pass and are not answered, in their order. */
    private final Queue<Admitted> unanswered = new ArrayDeque<>(4);

    private @Nullable Admission admission;
    private Incoming incoming = Incoming.PASSES;
    private boolean skipped;

    /** Waits for the answers before it; the connection ends with it. */
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
                answer(context, request, end(BareAnswers.problem(unreadable, null)));
                return;
            }
            Admitted admitted = admission(context).admit(request);
            if (admitted.preflight()) {
                answer(context, request, permission(request, admitted));
            } else {
                unanswered.add(admitted);
                context.fireChannelRead(request);
            }
        } catch (HubException refusal) {
            answer(context, request, BareAnswers.problem(refusal, Targets.path(request.uri())));
        }
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

    /** Answers a request that nobody else gets to see. */
    private void answer(ChannelHandlerContext context, HttpRequest request, FullHttpResponse answer) {
        String own = context.channel().id().asShortText();
        answer.headers().set(RequestIds.HEADER, RequestIds.of(request.headers().get(RequestIds.HEADER), own));
        addHeaders(answer, null);
        // Whoever expects 100 does not send its body after this; the codec would take what comes for it.
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
        // Nobody else knows that there is more to read.
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
            context.pipeline().remove(this); // from here on it is no HTTP
        } else if (response instanceof HttpContent && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            answered(context);
        }
    }

    private void answered(ChannelHandlerContext context) {
        unanswered.poll();
        FullHttpResponse waiting = last;
        if (waiting != null && unanswered.isEmpty()) {
            last = null;
            send(context, waiting);
        }
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
