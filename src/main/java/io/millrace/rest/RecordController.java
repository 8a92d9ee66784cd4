package io.millrace.rest;

import io.millrace.apidocs.Refuses;
import io.millrace.codec.RecordParser;
import io.millrace.codec.ResultsWriter;
import io.millrace.connection.Connections;
import io.millrace.edge.LimitsProperties;
import io.millrace.edge.QueryParameters;
import io.millrace.event.Acks;
import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.http.Answers;
import io.millrace.http.Blocking;
import io.millrace.http.NdjsonType;
import io.millrace.http.RequestBodies;
import io.millrace.json.JsonBuffer;
import io.millrace.produce.Producing;
import io.millrace.produce.Terms;
import io.millrace.produce.TopicProducer;
import io.millrace.security.Caller;
import io.millrace.time.Ticker;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Produces records in any form; {@link DirectProduce} takes the plain case before it gets here. If this node knows the
 * topic, a request stays on the event loop from its last byte to the lane's queue. The answer's bytes are written
 * without a message converter.
 */
@RestController
@Tag(name = "Records")
class RecordController {

    /** Headers that ask for what this version cannot do: ignoring them would break the guarantee they ask for. */
    static final List<String> UNSUPPORTED = List.of("Producer-Id", "Producer-Epoch", "Producer-Seq", "Idempotency-Key");

    private final Producing producing;
    private final RequestBodies bodies;
    private final LimitsProperties limits;
    private final Ticker ticker;

    RecordController(Producing producing, RequestBodies bodies, LimitsProperties limits, Ticker ticker) {
        this.producing = producing;
        this.bodies = bodies;
        this.limits = limits;
        this.ticker = ticker;
    }

    @PostMapping(path = "/v1/topics/{topic}/records", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({
        HubError.INVALID_RECORD,
        HubError.UNKNOWN_TOPIC,
        HubError.UNKNOWN_PARTITION,
        HubError.RECORD_TOO_LARGE,
        HubError.UNSUPPORTED_FEATURE,
        HubError.NOT_ENOUGH_REPLICAS,
        HubError.DRAINING,
        HubError.OUTCOME_UNKNOWN
    })
    @ProduceOperation
    Mono<Void> produce(
            @Parameter(example = "flights") @PathVariable String topic,
            Caller caller,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        Terms terms = new Terms(acks(request));
        refuseUnsupported(request.getHeaders());
        Function<TopicProducer, Mono<Void>> store = store(request, exchange.getResponse(), terms);
        TopicProducer known = producing.known(caller, topic);
        return known == null
                ? Blocking.call(() -> producing.require(caller, topic)).flatMap(store)
                : store.apply(known);
    }

    private Function<TopicProducer, Mono<Void>> store(
            ServerHttpRequest request, ServerHttpResponse response, Terms terms) {
        MediaType type = RecordTypes.ACCEPTED.check(request);
        if (NdjsonType.is(type)) {
            return topic -> storeLines(topic, request, terms, response);
        }
        boolean json = MediaType.APPLICATION_JSON.equalsTypeAndSubtype(type);
        return topic -> bodies.read(request, RecordTypes.ACCEPTED)
                .flatMap(body -> store(
                        topic,
                        json
                                ? RecordParser.parseRequest(body, 0, body.length, topic.limits())
                                : List.of(RawRecord.of(type, request.getHeaders(), body, topic.limits())),
                        terms,
                        response));
    }

    private static Mono<Void> store(
            TopicProducer topic, List<NewRecord> records, Terms terms, ServerHttpResponse response) {
        return Answers.of(topic.produce(records, terms), response).flatMap(appended -> {
            byte[] json = terms.acks() == Acks.NONE
                    ? accepted(records.size())
                    : ResultsWriter.json(appended.partitions(), appended.offsets());
            return answer(response, terms, json);
        });
    }

    private Mono<Void> storeLines(
            TopicProducer topic, ServerHttpRequest request, Terms terms, ServerHttpResponse response) {
        NdjsonLines lines = new NdjsonLines(topic.limits(), limits.requestBytes(), bodies.hold(request), ticker);
        NdjsonResult result = new NdjsonResult(limits.maxRecordsPerRequest());
        Flux<DataBuffer> body = RequestBodies.stream(request, RecordTypes.ACCEPTED, lines);
        Mono<NdjsonResult> stored = Mono.create(sink -> {
            sink.onDispose(lines::close);
            body.subscribe(new NdjsonRun(
                    lines,
                    result,
                    chunk -> store(topic, chunk, terms, lines),
                    Connections.of(response).eventLoop(),
                    sink));
        });
        return stored.flatMap(
                all -> answer(response, terms, terms.acks() == Acks.NONE ? accepted(all.records()) : all.json()));
    }

    private static CompletableFuture<Appended> store(
            TopicProducer topic, List<NewRecord> chunk, Terms terms, NdjsonLines lines) {
        CompletableFuture<Appended> stored = topic.produce(chunk, terms);
        lines.handedOn(chunk);
        return stored;
    }

    private static Acks acks(ServerHttpRequest request) {
        try {
            return QueryParameters.of(request, Set.of("acks"))
                    .text("acks")
                    .map(Acks::parse)
                    .orElse(Acks.LEADER);
        } catch (HubException refusal) {
            throw refusal.violations().isEmpty()
                    ? QueryParameters.invalid("acks", "out_of_range", refusal.detail())
                    : refusal;
        }
    }

    private static void refuseUnsupported(HttpHeaders headers) {
        for (String header : UNSUPPORTED) {
            if (headers.containsHeader(header)) {
                throw new HubException(
                        HubError.UNSUPPORTED_FEATURE, "this version does not support the header " + header);
            }
        }
    }

    private static byte[] accepted(long records) {
        return JsonBuffer.ascii("{\"records\":" + records + "}");
    }

    private static Mono<Void> answer(ServerHttpResponse response, Terms terms, byte[] json) {
        response.setStatusCode(terms.acks() == Acks.NONE ? HttpStatus.ACCEPTED : HttpStatus.OK);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(json.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(json)));
    }
}
