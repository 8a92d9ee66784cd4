package io.millrace.rest;

import io.millrace.append.Appended;
import io.millrace.append.Appender;
import io.millrace.event.Acks;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.Violation;
import io.millrace.json.RecordLimits;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Stores a body of any length, a chunk at a time. The next chunk is read while one is being stored, and no further: a
 * client that sends faster than the log can store is held back by TCP. Chunks are stored in order, so what is stored is
 * always the beginning of the body, and every failure says how much that is.
 */
final class NdjsonProducer {

    /** A lane's queue that is full drains within milliseconds; if not, the client had better come again later. */
    private static final Retry WHILE_OVERLOADED = Retry.backoff(7, Duration.ofMillis(20))
            .filter(failure -> failure instanceof HubException refusal && refusal.error() == HubError.OVERLOADED)
            .onRetryExhaustedThrow((_, signal) -> signal.failure());

    private static final Pattern RECORD = Pattern.compile("#/records/(\\d{1,9})(.*)");

    private final Appender appender;

    NdjsonProducer(Appender appender) {
        this.appender = appender;
    }

    /**
     * @param body its buffers are released
     * @param maxLineBytes a longer line is refused
     * @param maxResults positions of further records are left out of the answer
     */
    Mono<NdjsonResult> store(
            Topic topic, Flux<DataBuffer> body, Acks acks, RecordLimits limits, int maxLineBytes, int maxResults) {
        NdjsonLines lines = new NdjsonLines(limits, maxLineBytes);
        NdjsonResult result = new NdjsonResult(maxResults);
        return body.map(NdjsonProducer::bytes)
                .concatMapIterable(lines::feed, 1)
                .concatWith(Mono.fromSupplier(lines::end))
                .filter(chunk -> !chunk.isEmpty())
                .concatMapDelayError(
                        chunk -> append(topic, chunk, acks)
                                .onErrorMap(HubException.class, refusal -> moved(refusal, result.records()))
                                .doOnNext(appended -> result.add(appended, chunk.size())),
                        false,
                        1)
                .then(Mono.fromSupplier(() -> result))
                .onErrorMap(HubException.class, refusal -> refusal.with("records_stored", result.records()));
    }

    private Mono<Appended> append(Topic topic, List<NewRecord> chunk, Acks acks) {
        return Mono.defer(() -> Mono.fromFuture(appender.append(topic, chunk, acks)))
                .retryWhen(WHILE_OVERLOADED);
    }

    /** What the appender says of a chunk's record, said of the body's. */
    private static HubException moved(HubException refusal, long first) {
        List<Violation> violations = refusal.violations().stream()
                .map(violation -> {
                    Matcher place = RECORD.matcher(violation.pointer());
                    return place.matches()
                            ? new Violation(
                                    "#/records/" + (first + Long.parseLong(place.group(1))) + place.group(2),
                                    violation.code(),
                                    violation.detail())
                            : violation;
                })
                .toList();
        return refusal.with(violations);
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
