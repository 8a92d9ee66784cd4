package io.millrace.rest;

import io.millrace.budget.Hold;
import io.millrace.codec.RecordWriter;
import io.millrace.consume.TopicRecords;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.fetch.Fetched;
import io.millrace.http.Blocking;
import io.millrace.http.BodyWriter;
import io.millrace.json.JsonBuffer;
import io.millrace.time.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The pages of one streamed answer. Each is read while the client takes the previous one. */
final class NdjsonPages {

    private static final byte[] LINE_END = JsonBuffer.ascii("\n");
    private static final int PAGES_AHEAD = 1;

    /** How long a page may wait for memory. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Page(JsonBuffer lines, long held) {}

    private final TopicRecords topic;
    private final int partition;
    private final int maxBytes;
    private final AnswerMemory memory;
    private final long end;
    private final AtomicLong position;
    private final AtomicLong left;

    private NdjsonPages(TopicRecords topic, int partition, ReadRequest request, AnswerMemory memory, Span span) {
        this.topic = topic;
        this.partition = partition;
        this.maxBytes = request.maxBytes();
        this.memory = memory;
        this.end = span.end();
        this.position = new AtomicLong(span.start());
        this.left = new AtomicLong(request.limit());
    }

    /** The head has been sent, so a page waits for its quota, and keeps no thread waiting. */
    private static final Retry WITHIN_QUOTA = Retry.from(failures -> failures.concatMap(
            signal -> signal.failure() instanceof HubException refusal && refusal.error() == HubError.QUOTA_EXCEEDED
                    ? Mono.delay(Duration.ofMillis(refusal.retryAfterMillis()))
                    : Mono.error(signal.failure())));

    private record Span(long start, long end) {}

    static NdjsonPages open(TopicRecords topic, int partition, ReadRequest request, AnswerMemory memory)
            throws InterruptedException {
        long start = topic.resolve(partition, request.from());
        try (Hold batches = memory.batches()) {
            // Waits for a first record if asked to: an early request would get an empty answer otherwise.
            Fetched first = topic.read(partition, start, 1, 1, request.maxWait(), batches);
            Span span = new Span(start, first.bounds().readable());
            return new NdjsonPages(topic, partition, request, memory, span);
        }
    }

    Mono<Void> writeTo(BodyWriter body) {
        return Mono.defer(this::next)
                .repeat(this::more)
                .concatMap(page -> body.write(page.lines()).doOnSuccess(_ -> memory.written(page.held())), PAGES_AHEAD)
                .then();
    }

    private Mono<Page> next() {
        return more() ? Blocking.call(this::page).retryWhen(WITHIN_QUOTA) : Mono.empty();
    }

    private boolean more() {
        return position.get() < end && left.get() > 0;
    }

    /** The head has been sent, so a page waits for memory instead of being refused. */
    private Page page() throws InterruptedException {
        Deadline deadline = memory.deadline(PATIENCE);
        while (true) {
            try {
                return read();
            } catch (HubException refusal) {
                if (refusal.error() != HubError.OVERLOADED || deadline.isOver() || !memory.awaitSome()) {
                    throw refusal;
                }
            }
        }
    }

    private Page read() throws InterruptedException {
        long from = position.get();
        int most = (int) Math.min(left.get(), Math.min(ReadRequest.MAX_LIMIT, end - from));
        try (Hold batches = memory.batches()) {
            Fetched fetched = topic.read(partition, from, most, maxBytes, Duration.ZERO, batches);
            long bytes = AnswerMemory.bytes(fetched);
            JsonBuffer lines = memory.text(bytes, batches);
            RecordWriter writer = RecordWriter.plain().singleLine();
            fetched.forEach((batch, i) -> {
                writer.write(lines, batch, i);
                lines.raw(LINE_END);
            });
            left.addAndGet(-fetched.count());
            position.set(fetched.isEmpty() ? end : fetched.nextOffset());
            return new Page(lines, bytes);
        }
    }
}
