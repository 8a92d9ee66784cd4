package io.millrace.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import io.millrace.codec.RecordParser;
import io.millrace.codec.ResultsWriter;
import io.millrace.connection.Connections;
import io.millrace.event.Acks;
import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.http.Answers;
import io.millrace.http.Blocking;
import io.millrace.http.Callers;
import io.millrace.http.ProblemAnswer;
import io.millrace.http.RateLimits;
import io.millrace.http.RequestBodies;
import io.millrace.http.RequestIds;
import io.millrace.produce.Producing;
import io.millrace.produce.Terms;
import io.millrace.produce.TopicProducer;
import io.millrace.security.Caller;
import io.millrace.time.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The plain case of producing, which bypasses WebFlux: a JSON body of known length for a topic that this node knows,
 * without options but acks. WebFlux's dispatch (finding the handler, its arguments and its result handler) costs more
 * than storing a record does; {@code docs/decisions/0009-direct-produce.md} has the figures.
 *
 * <p>All other requests go to {@link RecordController}, as does any request that this class is unsure of: both give the
 * same answers. A request stays on its event loop until it is in the lane's queue, unless its topic has to be looked up
 * in the database.
 */
@Component
class DirectProduce implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final String PREFIX = "/v1/topics/";
    private static final String SUFFIX = "/records";

    /** The default, which clients often spell out. */
    private static final String PLAIN_QUERY = "?acks=1";

    private static final String ALL_QUERY = "?acks=all";

    private static final Terms ALL = new Terms(Acks.ALL);

    private final Producing producing;
    private final Callers callers;
    private final RateLimits limits;
    private final RequestBodies bodies;
    private final MeterRegistry registry;
    private final Ticker ticker;
    private final Map<Integer, Timer> timers = new ConcurrentHashMap<>();

    DirectProduce(
            Producing producing,
            Callers callers,
            RateLimits limits,
            RequestBodies bodies,
            MeterRegistry registry,
            Ticker ticker) {
        this.producing = producing;
        this.callers = callers;
        this.limits = limits;
        this.bodies = bodies;
        this.registry = registry;
        this.ticker = ticker;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addRouteProviders(routes -> routes.route(this::isPlain, this::produce));
    }

    private boolean isPlain(HttpServerRequest request) {
        String topic = topic(request.uri());
        return topic != null
                && request.method().equals(HttpMethod.POST)
                && hasPlainBody(request.requestHeaders())
                && producing.knows(topic)
                && callers.known(request) != null;
    }

    /** The topic in the path of a request target; null for any other path. */
    private static @Nullable String topic(String target) {
        String path = path(target);
        int end = path.length() - SUFFIX.length();
        return path.startsWith(PREFIX) && path.endsWith(SUFFIX) && end > PREFIX.length()
                ? path.substring(PREFIX.length(), end)
                : null;
    }

    /** A request target without {@link #PLAIN_QUERY} or {@link #ALL_QUERY}. */
    private static String path(String target) {
        int query = target.endsWith(PLAIN_QUERY)
                ? PLAIN_QUERY.length()
                : target.endsWith(ALL_QUERY) ? ALL_QUERY.length() : 0;
        return target.substring(0, target.length() - query);
    }

    private static Terms terms(String target) {
        return target.endsWith(ALL_QUERY) ? ALL : Terms.DEFAULT;
    }

    private static boolean hasPlainBody(HttpHeaders headers) {
        return HttpHeaderValues.APPLICATION_JSON.contentEqualsIgnoreCase(
                        String.valueOf(headers.get(HttpHeaderNames.CONTENT_TYPE)))
                && headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !headers.contains(HttpHeaderNames.CONTENT_ENCODING)
                && !headers.contains(HttpHeaderNames.EXPECT)
                && acceptsJson(headers)
                && RecordController.UNSUPPORTED.stream().noneMatch(headers::contains);
    }

    /** Headers with weights, among others, are left to {@code http.AcceptResolver}. */
    private static boolean acceptsJson(HttpHeaders headers) {
        String accept = headers.get(HttpHeaderNames.ACCEPT);
        return accept == null
                || (accept.contains("*/*") || accept.contains(MediaType.APPLICATION_JSON_VALUE))
                        && accept.indexOf(';') < 0
                        && headers.getAll(HttpHeaderNames.ACCEPT).size() == 1;
    }

    private Publisher<Void> produce(HttpServerRequest request, HttpServerResponse response) {
        Request received = new Request(request, response);
        return stored(received, String.valueOf(topic(request.uri())))
                .flatMap(received::answer)
                .onErrorResume(received::refuse);
    }

    private Mono<Appended> stored(Request received, String topic) {
        try {
            Caller caller = received.caller();
            received.count(caller);
            TopicProducer known = producing.known(caller, topic);
            // Deleted or changed in between: the database says which.
            return known == null
                    ? Blocking.call(() -> producing.require(caller, topic)).flatMap(received::store)
                    : received.store(known);
        } catch (HubException refusal) {
            return Mono.error(refusal);
        }
    }

    /** One request; used on its event loop. */
    private final class Request {

        private final long begun = ticker.nanos();
        private final HttpServerRequest request;
        private final HttpServerResponse response;
        private final String id;
        private final Channel channel;
        private Map<String, String> quotas = Map.of();

        Request(HttpServerRequest request, HttpServerResponse response) {
            this.request = request;
            this.response = response;
            this.id = RequestIds.of(request.requestHeaders().get(RequestIds.HEADER), request.requestId());
            this.channel = Connections.of(request);
        }

        /** The caller, who was known a moment ago. */
        Caller caller() {
            Caller caller = callers.known(request);
            if (caller == null) {
                throw new HubException(HubError.UNAUTHENTICATED, "the credentials are no longer accepted");
            }
            return caller;
        }

        void count(Caller caller) {
            try {
                limits.count(caller);
            } finally {
                quotas = limits.headers(caller);
            }
        }

        Mono<Appended> store(TopicProducer topic) {
            return Mono.create(sink -> {
                long declared = Long.parseLong(request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH));
                request.receive().subscribe(new Receiver(sink, topic, bodies.open(channel, declared)));
            });
        }

        Mono<Void> answer(Appended appended) {
            return send(
                    HttpStatus.OK.value(),
                    MediaType.APPLICATION_JSON_VALUE,
                    ResultsWriter.json(appended.partitions(), appended.offsets()));
        }

        Mono<Void> refuse(Throwable failure) {
            boolean gone = !channel.isActive();
            ProblemAnswer problem =
                    ProblemAnswer.to(failure, gone, id, request.method().name(), path(request.uri()));
            if (problem == null) {
                return Mono.empty();
            }
            problem.headers().forEach(response::header);
            return send(problem.status(), MediaType.APPLICATION_PROBLEM_JSON_VALUE, problem.json());
        }

        private Mono<Void> send(int status, String type, byte[] body) {
            quotas.forEach(response::header);
            timers.computeIfAbsent(status, DirectProduce.this::timer).record(Duration.ofNanos(ticker.nanos() - begun));
            return response.status(status)
                    .header(RequestIds.HEADER, id)
                    .header(HttpHeaderNames.CONTENT_TYPE, type)
                    .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                    .sendObject(Unpooled.wrappedBuffer(body))
                    .then();
        }

        /** Receives the body and has it stored. */
        private final class Receiver implements CoreSubscriber<ByteBuf> {

            private final MonoSink<Appended> sink;
            private final TopicProducer topic;
            private final RequestBodies.Body body;
            private @Nullable Subscription incoming;

            /** The rest of the body is ignored. */
            private boolean refused;

            Receiver(MonoSink<Appended> sink, TopicProducer topic, RequestBodies.Body body) {
                this.sink = sink;
                this.topic = topic;
                this.body = body;
                sink.onDispose(body::close);
            }

            @Override
            public void onSubscribe(Subscription subscription) {
                incoming = subscription;
                sink.onCancel(subscription::cancel);
                subscription.request(RequestBodies.NOT_ALL_AT_ONCE);
            }

            @Override
            public void onNext(ByteBuf buffer) {
                if (refused) {
                    return;
                }
                try {
                    body.take(buffer);
                } catch (RuntimeException refusal) {
                    refused = true;
                    if (incoming != null) {
                        incoming.cancel();
                    }
                    sink.error(refusal);
                }
            }

            @Override
            public void onError(Throwable failure) {
                if (!refused) {
                    sink.error(failure);
                }
            }

            @Override
            public void onComplete() {
                if (refused) {
                    return;
                }
                try {
                    byte[] json = body.whole();
                    CompletableFuture<Appended> stored = topic.produce(
                            RecordParser.parseRequest(json, 0, json.length, topic.limits()), terms(request.uri()));
                    // From here on the lane's queue holds the records.
                    body.close();
                    Answers.complete(stored, sink, channel.eventLoop());
                } catch (RuntimeException refusal) {
                    sink.error(refusal);
                }
            }
        }
    }

    /** The timer that WebFlux keeps for its own requests, with the same tags. */
    private Timer timer(int status) {
        return Timer.builder("http.server.requests")
                .tag("method", "POST")
                .tag("uri", PREFIX + "{topic}" + SUFFIX)
                .tag("status", Integer.toString(status))
                .tag("outcome", Outcome.forStatus(status).name())
                .tag("exception", "none")
                .tag("error", "none")
                .register(registry);
    }
}
