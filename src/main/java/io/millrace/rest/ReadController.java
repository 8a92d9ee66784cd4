package io.millrace.rest;

import io.millrace.apidocs.Refuses;
import io.millrace.budget.Hold;
import io.millrace.connection.Connections;
import io.millrace.connection.Shares;
import io.millrace.consume.Reading;
import io.millrace.consume.TopicRecords;
import io.millrace.event.HubError;
import io.millrace.event.StartPosition;
import io.millrace.fetch.Fetched;
import io.millrace.http.Blocking;
import io.millrace.http.BodyWriter;
import io.millrace.json.JsonBuffer;
import io.millrace.security.Caller;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Reads a partition without a group. */
@RestController
@Tag(name = "Records")
class ReadController {

    private static final String PATH = "/v1/topics/{topic}/partitions/{partition}/records";

    /** The size of a page without its records. */
    private static final int PAGE_HEAD_BYTES = 512;

    /** What a reader gets when the node has next to no memory left: as JSON, less than 16 KB. */
    private static final int FEW_RECORDS = 20;

    private static final int FEW_BYTES = 8 * 1024;

    private final Reading reading;
    private final Shares shares;

    ReadController(Reading reading, Shares shares) {
        this.reading = reading;
        this.shares = shares;
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({HubError.UNKNOWN_TOPIC, HubError.UNKNOWN_PARTITION, HubError.OFFSET_EXPIRED, HubError.OFFSET_BEYOND_END})
    @ReadOperation
    Mono<Void> read(
            @Parameter(example = "flights") @PathVariable String topic,
            @Parameter(example = "0", schema = @Schema(type = "integer", format = "int32", minimum = "0")) @PathVariable
                    int partition,
            Caller caller,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        ReadRequest request = ReadRequest.of(exchange.getRequest(), ReadRequest.DEFAULT_LIMIT, ReadRequest.MAX_LIMIT);
        ServerHttpResponse response = exchange.getResponse();
        AnswerMemory memory = new AnswerMemory(shares.of(Connections.of(response)));
        return Blocking.call(() -> page(reading.require(caller, topic), partition, request, memory))
                .flatMap(json -> RecordsJson.answer(response, json))
                .doFinally(_ -> memory.close());
    }

    /** Streams up to the limit or, without one, to the partition's current end, at the reader's pace. */
    @GetMapping(path = PATH, produces = MediaType.APPLICATION_NDJSON_VALUE)
    @Hidden // the document has one operation per path and method: ReadOperation describes both answers
    Mono<Void> stream(
            @PathVariable String topic,
            @PathVariable int partition,
            Caller caller,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        ReadRequest request = ReadRequest.of(exchange.getRequest(), Integer.MAX_VALUE, Integer.MAX_VALUE);
        ServerHttpResponse response = exchange.getResponse();
        AnswerMemory memory = new AnswerMemory(shares.of(Connections.of(response)));
        return Blocking.call(() -> NdjsonPages.open(reading.require(caller, topic), partition, request, memory))
                .flatMap(pages -> {
                    response.getHeaders().setContentType(MediaType.APPLICATION_NDJSON);
                    boolean head = exchange.getRequest().getMethod() == HttpMethod.HEAD;
                    return head
                            ? response.setComplete()
                            : BodyWriter.begin(response).flatMap(pages::writeTo);
                })
                .doFinally(_ -> memory.close());
    }

    /** The read itself checks an exact offset; other positions have to be looked up. */
    private static long start(TopicRecords topic, int partition, StartPosition from) {
        return from instanceof StartPosition.AtOffset at ? at.nextOffset() : topic.resolve(partition, from);
    }

    private static JsonBuffer page(TopicRecords topic, int partition, ReadRequest request, AnswerMemory memory)
            throws InterruptedException {
        long offset = start(topic, partition, request.from());
        try (Hold batches = memory.batches()) {
            Fetched fetched =
                    topic.read(partition, offset, request.limit(), request.maxBytes(), request.maxWait(), batches);
            JsonBuffer json = memory.textOrNull(PAGE_HEAD_BYTES + AnswerMemory.bytes(fetched), batches);
            if (json == null) {
                // Fewer will do: when memory is short, a small text is granted for longer than a large one.
                int few = Math.min(request.limit(), FEW_RECORDS);
                int fewBytes = Math.min(request.maxBytes(), FEW_BYTES);
                fetched = topic.read(partition, offset, few, fewBytes, Duration.ZERO, batches);
                json = memory.text(PAGE_HEAD_BYTES + AnswerMemory.bytes(fetched), batches);
            }
            json.raw(JsonBuffer.ascii("{\"topic\":")).string(topic.topic().name());
            json.raw(JsonBuffer.ascii(",\"partition\":")).number(partition);
            json.raw(JsonBuffer.ascii(",\"start_offset\":"))
                    .number(fetched.bounds().start());
            json.raw(JsonBuffer.ascii(",\"high_watermark\":"))
                    .number(fetched.bounds().readable());
            json.raw(JsonBuffer.ascii(",\"next_offset\":")).number(fetched.nextOffset());
            json.raw(JsonBuffer.ascii(",\"records\":["));
            RecordsJson.writeAll(json, List.of(fetched));
            return json.ascii(']').ascii('}');
        }
    }
}
