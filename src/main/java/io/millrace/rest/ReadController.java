package io.millrace.rest;

import io.millrace.event.StartPosition;
import io.millrace.fetch.Fetched;
import io.millrace.fetch.PartitionReader;
import io.millrace.json.JsonBuffer;
import io.millrace.json.RecordWriter;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import io.millrace.web.Blocking;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Reads a partition without a group. */
@RestController
@Tag(name = "Records")
class ReadController {

    private static final String PATH = "/v1/topics/{topic}/partitions/{partition}/records";
    private static final byte[] LINE_END = JsonBuffer.ascii("\n");

    private final TopicCatalogue catalogue;
    private final PartitionReader reader;

    ReadController(TopicCatalogue catalogue, PartitionReader reader) {
        this.catalogue = catalogue;
        this.reader = reader;
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    @ReadOperation
    Mono<Void> read(
            @Parameter(example = "flights") @PathVariable String topic,
            @Parameter(example = "0") @PathVariable int partition,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        ReadRequest request = ReadRequest.of(exchange.getRequest(), ReadRequest.DEFAULT_LIMIT, ReadRequest.MAX_LIMIT);
        return Blocking.call(() -> page(catalogue.require(topic), partition, request))
                .flatMap(json -> RecordsJson.answer(exchange.getResponse(), json));
    }

    /** Streams to the limit or, without one, to where the partition ends now; the reader's pace sets the pace. */
    @GetMapping(path = PATH, produces = MediaType.APPLICATION_NDJSON_VALUE)
    @Hidden // the document has one operation for a path: ReadOperation describes both answers
    Mono<Void> stream(
            @PathVariable String topic,
            @PathVariable int partition,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        ReadRequest request = ReadRequest.of(exchange.getRequest(), Integer.MAX_VALUE, Integer.MAX_VALUE);
        return Blocking.call(() -> NdjsonPages.open(reader, catalogue.require(topic), partition, request))
                .flatMap(pages -> {
                    ServerHttpResponse response = exchange.getResponse();
                    response.getHeaders().setContentType(MediaType.APPLICATION_NDJSON);
                    return response.writeAndFlushWith(pages.flux(response.bufferFactory()));
                });
    }

    /** An exact offset is checked by the read itself; the others have to be looked up. */
    private long start(Topic topic, int partition, StartPosition from) {
        return from instanceof StartPosition.AtOffset at ? at.nextOffset() : reader.resolve(topic, partition, from);
    }

    private JsonBuffer page(Topic topic, int partition, ReadRequest request) throws InterruptedException {
        long offset = start(topic, partition, request.from());
        Fetched fetched = reader.read(topic, partition, offset, request.limit(), request.maxBytes(), request.maxWait());
        JsonBuffer json = new JsonBuffer(256);
        json.raw(JsonBuffer.ascii("{\"topic\":")).string(topic.name());
        json.raw(JsonBuffer.ascii(",\"partition\":")).number(partition);
        json.raw(JsonBuffer.ascii(",\"start_offset\":")).number(fetched.bounds().startOffset());
        json.raw(JsonBuffer.ascii(",\"high_watermark\":"))
                .number(fetched.bounds().nextOffset());
        json.raw(JsonBuffer.ascii(",\"next_offset\":")).number(fetched.nextOffset());
        json.raw(JsonBuffer.ascii(",\"records\":["));
        RecordsJson.writeAll(json, List.of(fetched));
        return json.ascii(']').ascii('}');
    }

    /** The pages of one streamed answer. Each is read while the one before it is being written. */
    private static final class NdjsonPages {

        private static final int PAGES_AHEAD = 1;

        private final PartitionReader reader;
        private final Topic topic;
        private final int partition;
        private final int maxBytes;
        private final long end;
        private final AtomicLong position;
        private final AtomicLong left;

        private NdjsonPages(
                PartitionReader reader, Topic topic, int partition, ReadRequest request, long start, long end) {
            this.reader = reader;
            this.topic = topic;
            this.partition = partition;
            this.maxBytes = request.maxBytes();
            this.end = end;
            this.position = new AtomicLong(start);
            this.left = new AtomicLong(request.limit());
        }

        static NdjsonPages open(PartitionReader reader, Topic topic, int partition, ReadRequest request)
                throws InterruptedException {
            long start = reader.resolve(topic, partition, request.from());
            // Waits for a first record if asked to, so that the answer is not empty just because it came early.
            Fetched first = reader.read(topic, partition, start, 1, 1, request.maxWait());
            return new NdjsonPages(
                    reader, topic, partition, request, start, first.bounds().nextOffset());
        }

        Flux<Flux<DataBuffer>> flux(DataBufferFactory buffers) {
            return Mono.defer(() -> next(buffers))
                    .repeat(this::more)
                    .publishOn(Schedulers.immediate(), PAGES_AHEAD)
                    .map(Flux::just);
        }

        private Mono<DataBuffer> next(DataBufferFactory buffers) {
            return more() ? Blocking.call(() -> RecordsJson.wrap(buffers, page())) : Mono.empty();
        }

        private boolean more() {
            return position.get() < end && left.get() > 0;
        }

        private JsonBuffer page() throws InterruptedException {
            long from = position.get();
            int most = (int) Math.min(left.get(), Math.min(ReadRequest.MAX_LIMIT, end - from));
            Fetched fetched = reader.read(topic, partition, from, most, maxBytes, Duration.ZERO);
            JsonBuffer json = new JsonBuffer(
                    Math.toIntExact(fetched.byteSize() + (long) RecordWriter.OVERHEAD_BYTES * fetched.count()));
            RecordWriter writer = RecordWriter.plain().singleLine();
            fetched.forEach((batch, i) -> {
                writer.write(json, batch, i);
                json.raw(LINE_END);
            });
            left.addAndGet(-fetched.count());
            position.set(fetched.isEmpty() ? end : fetched.nextOffset());
            return json;
        }
    }
}
