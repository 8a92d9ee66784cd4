package io.millrace.stream.sse;

import io.millrace.json.JsonBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Hands chunks from the thread that makes them to the response that writes them, one at a time: the next is wanted once
 * the last has been written. The maker calls {@link #awaitWanted}, then {@link #write}; the rest is for any thread.
 */
final class SseChunks {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable MonoSink<JsonBuffer> wanted;
    private boolean finished;
    private long writingSince;

    /**
     * The chunks as the response takes them. Each inner publisher is subscribed to when the one before has been
     * written; it is no {@link Mono}, since a response of one chunk would be given a length.
     */
    Flux<Flux<JsonBuffer>> publisher() {
        return Flux.generate(chunks -> {
            if (finished()) {
                chunks.complete();
            } else {
                chunks.next(Mono.<JsonBuffer>create(this::want).flux());
            }
        });
    }

    private void want(MonoSink<JsonBuffer> sink) {
        lock.lock();
        try {
            writingSince = 0;
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

    /** Waits until a chunk is wanted; false if none will be, as the client has gone. */
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

    /** Hands over the chunk that is wanted. */
    void write(JsonBuffer chunk) {
        MonoSink<JsonBuffer> sink;
        lock.lock();
        try {
            sink = wanted;
            wanted = null;
            writingSince = System.nanoTime();
        } finally {
            lock.unlock();
        }
        if (sink != null) {
            sink.success(chunk);
        }
    }

    /** No more chunks: the maker has no more, or the client has gone. */
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

    /** Waits until the client has gone, but not for long; whether it has. */
    boolean awaitFinished(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (!finished && left > 0) {
                left = changed.awaitNanos(left);
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

    /** For how long the client has been taking the last chunk, in nanoseconds; 0 if it has it. */
    long writingFor(long nowNanos) {
        lock.lock();
        try {
            return writingSince == 0 ? 0 : nowNanos - writingSince;
        } finally {
            lock.unlock();
        }
    }
}
