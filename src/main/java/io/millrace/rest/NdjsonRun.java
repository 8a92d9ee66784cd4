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
 * One body of lines on its way into the log. Lines are stored as soon as they are there and nothing else of the body is
 * being stored; what comes meanwhile makes the next chunk. So a slow body is visible line by line, a fast one goes in
 * chunks as large as may be, and no timer is needed.
 *
 * <p>Whatever ends the body, a bad line, broken framing, a connection that is cut, the whole lines before that are
 * stored, and half a line never is. A body has no end in time: a live one may be silent for hours. A line that has
 * begun has one: {@code connection.RequestPace}.
 *
 * <p>Used on the request's event loop.
 */
final class NdjsonRun implements CoreSubscriber<DataBuffer> {

    /** A lane's queue that is full drains within milliseconds; if not, the client had better come again later. */
    private static final int MOST_TRIES = 8;

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

    /** @param append stores a chunk; may throw as its future may fail */
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

    /** Nothing more is read; what was whole before is stored first. */
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
            // After all that is at hand has been read: the next task but those that read.
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
            sink.error(told(failure));
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
        } else if (attempt < MOST_TRIES && isOverload(refusal)) {
            eventLoop.schedule(
                    () -> store(chunk, attempt + 1), FIRST_PAUSE_MILLIS << (attempt - 1), TimeUnit.MILLISECONDS);
        } else {
            refused(chunk, causeOf(refusal));
        }
    }

    /** Stores what comes before the record that is refused, if it is one, and nothing behind it. */
    private void refused(List<NewRecord> chunk, Throwable refusal) {
        lines.discard();
        int wrong = placeOf(refusal);
        failure = moved(refusal, result.records());
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

    private static int placeOf(Throwable refusal) {
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

    private Throwable told(Throwable why) {
        return why instanceof HubException refusal ? refusal.with("records_stored", result.records()) : why;
    }

    /** What the appender says of a chunk's record, said of the body's. */
    private static Throwable moved(Throwable failure, long first) {
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
