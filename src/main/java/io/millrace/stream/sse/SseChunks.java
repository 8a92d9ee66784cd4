package io.millrace.stream.sse;

import io.millrace.http.BodyWriter;
import io.millrace.json.JsonBuffer;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Hands chunks from the stream's thread to the response that writes them, one at a time: the next is wanted once the
 * client's socket has taken the last. The stream's thread calls {@link #awaitWanted}, then {@link #write}; the other
 * methods are for any thread.
 */
final class SseChunks {

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable MonoSink<JsonBuffer> wanted;
    private boolean finished;

    SseChunks(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Writes the chunks as the client takes them. */
    Mono<Void> writeTo(BodyWriter body) {
        return Mono.<JsonBuffer>create(this::want)
                .flatMap(body::write)
                .repeat(() -> !finished())
                .then();
    }

    private void want(MonoSink<JsonBuffer> sink) {
        lock.lock();
        try {
            if (!finished) {
                wanted = sink;
                changed.signalAll();
                return;
            }
        } finally {
            lock.unlock();
        }
        sink.success();
    }

    /** Waits until a chunk is wanted; false if the stream is finished. */
    boolean awaitWanted() throws InterruptedException {
        lock.lock();
        try {
            while (wanted == null && !finished) {
                changed.await();
            }
            return !finished;
        } finally {
            lock.unlock();
        }
    }

    /** Like {@link #awaitWanted()}, but at most for {@code wait}; false if the time ran out first. */
    boolean awaitWanted(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            Deadline deadline = ticker.in(wait);
            while (wanted == null && !finished && !deadline.isOver()) {
                deadline.await(changed);
            }
            return wanted != null || finished;
        } finally {
            lock.unlock();
        }
    }

    /** Hands over the chunk that is wanted. */
    void write(JsonBuffer chunk) {
        MonoSink<JsonBuffer> sink;
        lock.lock();
        try {
            sink = wanted;
            wanted = null;
        } finally {
            lock.unlock();
        }
        if (sink != null) {
            sink.success(chunk);
        }
    }

    /** Ends the chunks: the stream has no more, or the client has gone. */
    void finish() {
        MonoSink<JsonBuffer> sink;
        lock.lock();
        try {
            finished = true;
            sink = wanted;
            wanted = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (sink != null) {
            sink.success();
        }
    }

    /** Waits for {@link #finish}, at most for {@code wait}; returns whether it was called. */
    boolean awaitFinished(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            Deadline deadline = ticker.in(wait);
            while (!finished && !deadline.isOver()) {
                deadline.await(changed);
            }
            return finished;
        } finally {
            lock.unlock();
        }
    }

    boolean finished() {
        lock.lock();
        try {
            return finished;
        } finally {
            lock.unlock();
        }
    }
}
