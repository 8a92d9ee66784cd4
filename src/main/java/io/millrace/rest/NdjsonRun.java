package io.millrace.rest;

import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.Place;
import io.millrace.event.Violation;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.MonoSink;

/**
 * Stores one NDJSON body as it arrives. Complete lines are stored at once unless a chunk of the body is being stored;
 * the lines that arrive meanwhile make the next chunk. So a slow body is visible line by line, a fast one is stored in
 * large chunks, and no timer is needed.
 *
 * <p>When a bad line, broken framing or a lost connection ends the body, the complete lines before that are stored, and
 * a partial line is not. A body has no time limit: a live one may be silent for hours. A line that has begun has one:
 * {@code connection.RequestPace}.
 *
 * <p>Used on the request's event loop.
 */
final class NdjsonRun implements CoreSubscriber<DataBuffer> {

    /** A lane's full queue drains within milliseconds; if it does not, the client should retry later. */
    private static final int MAX_ATTEMPTS = 8;

    private static final long FIRST_PAUSE_MILLIS = 20;

    private final NdjsonLines lines;
    private final NdjsonResult result;
    private final Function<List<NewRecord>, CompletableFuture<Appended>> append;
    private final EventLoop eventLoop;
    private final MonoSink<NdjsonResult> sink;

    private @Nullable Subscription incoming;
    private boolean requested;
    private boolean storing;
    private boolean waiting;
    private boolean ended;
    private @Nullable Throwable failure;

    /** @param append stores a chunk; may throw, or return a future that fails */
    NdjsonRun(
            NdjsonLines lines,
            NdjsonResult result,
            Function<List<NewRecord>, CompletableFuture<Appended>> append,
            EventLoop eventLoop,
            MonoSink<NdjsonResult> sink) {
        this.lines = lines;
        this.result = result;
        this.append = append;
        this.eventLoop = eventLoop;
        this.sink = sink;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        incoming = subscription;
        sink.onCancel(() -> eventLoop.execute(() -> fail(new CancellationException("the client has gone"))));
        proceed();
    }

    @Override
    public void onNext(DataBuffer buffer) {
        requested = false;
        try {
            if (failure == null) {
                lines.feed(bytes(buffer));
            }
        } catch (HubException bad) {
            fail(bad);
            return;
        } finally {
            DataBufferUtils.release(buffer);
        }
        proceed();
    }

    @Override
    public void onError(Throwable broken) {
        fail(broken);
    }

    @Override
    public void onComplete() {
        try {
            if (failure == null) {
                lines.end();
            }
            ended = true;
        } catch (HubException bad) {
            fail(bad);
            return;
        }
        proceed();
    }

    /** Stops reading. The complete lines before the failure are still stored. */
    private void fail(Throwable why) {
        if (failure == null) {
            failure = why;
            if (incoming != null) {
                incoming.cancel();
            }
            proceed();
        }
    }

    private void proceed() {
        if (ended || failure != null || lines.isFull()) {
            storeNext();
        } else if (!storing && !waiting && !lines.isEmpty()) {
            // After the tasks that read what has already arrived: its lines join the same chunk.
            waiting = true;
            eventLoop.execute(() -> {
                waiting = false;
                storeNext();
            });
        }
        if (incoming != null && !requested && !ended && failure == null && !lines.isFull()) {
            requested = true;
            incoming.request(1);
        }
    }

    private void storeNext() {
        if (storing) {
            return;
        }
        List<NewRecord> chunk = lines.take();
        if (!chunk.isEmpty()) {
            storing = true;
            store(chunk, 1);
        } else if (failure != null) {
            sink.error(withRecordsStored(failure));
        } else if (ended) {
            sink.success(result);
        }
    }

    private void store(List<NewRecord> chunk, int attempt) {
        try {
            append.apply(chunk)
                    .whenCompleteAsync((appended, refusal) -> answered(chunk, attempt, appended, refusal), eventLoop);
        } catch (RuntimeException refusal) {
            answered(chunk, attempt, null, refusal);
        }
    }

    private void answered(
            List<NewRecord> chunk, int attempt, @Nullable Appended appended, @Nullable Throwable refusal) {
        if (appended != null) {
            storing = false;
            result.add(appended, chunk.size());
            storeNext();
            proceed();
        } else if (refusal instanceof HubException quota && quota.error() == HubError.QUOTA_EXCEEDED) {
            // The body is not read meanwhile, so the client sends as fast as it may.
            eventLoop.schedule(() -> store(chunk, attempt), quota.retryAfterMillis(), TimeUnit.MILLISECONDS);
        } else if (attempt < MAX_ATTEMPTS && isOverload(refusal)) {
            eventLoop.schedule(
                    () -> store(chunk, attempt + 1), FIRST_PAUSE_MILLIS << (attempt - 1), TimeUnit.MILLISECONDS);
        } else {
            refused(chunk, causeOf(refusal));
        }
    }

    /** If one record is refused, stores those before it and none after it. */
    private void refused(List<NewRecord> chunk, Throwable refusal) {
        lines.discard();
        int wrong = indexOf(refusal);
        failure = atBodyIndex(refusal, result.records());
        if (incoming != null) {
            incoming.cancel();
        }
        if (wrong > 0) {
            store(chunk.subList(0, wrong), 1);
        } else {
            storing = false;
            storeNext();
        }
    }

    private static int indexOf(Throwable refusal) {
        if (refusal instanceof HubException known && !known.violations().isEmpty()) {
            return known.violations().getFirst().place() instanceof Place.OfRecord record ? (int) record.index() : -1;
        }
        return -1;
    }

    private static Throwable causeOf(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause == null ? new IllegalStateException("a chunk was neither stored nor refused") : cause;
    }

    private static boolean isOverload(@Nullable Throwable refusal) {
        return refusal instanceof HubException known && known.error() == HubError.OVERLOADED;
    }

    private Throwable withRecordsStored(Throwable why) {
        return why instanceof HubException refusal ? refusal.with("records_stored", result.records()) : why;
    }

    /** Turns a record's index within the chunk, as the appender states it, into its index within the body. */
    private static Throwable atBodyIndex(Throwable failure, long first) {
        if (!(failure instanceof HubException refusal)) {
            return failure;
        }
        List<Violation> violations = refusal.violations().stream()
                .map(wrong -> wrong.place() instanceof Place.OfRecord record ? wrong.at(record.after(first)) : wrong)
                .toList();
        return refusal.with(violations);
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        return bytes;
    }
}
