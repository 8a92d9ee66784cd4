package io.millrace.topic;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads of topics that several callers share: after a start, thousands of requests may want the same topic at once, and
 * the database is asked for it once.
 */
final class SharedReads {

    private final Function<String, @Nullable Topic> reader;
    private final ConcurrentHashMap<String, CompletableFuture<@Nullable Topic>> inProgress = new ConcurrentHashMap<>();

    SharedReads(Function<String, @Nullable Topic> reader) {
        this.reader = reader;
    }

    /** Reads a topic, or waits for a read of it that is in progress; throws what the reader throws. */
    @Nullable
    Topic read(String name) {
        CompletableFuture<@Nullable Topic> own = new CompletableFuture<>();
        CompletableFuture<@Nullable Topic> other = inProgress.putIfAbsent(name, own);
        return other == null ? lead(name, own) : join(other);
    }

    /** From now on, callers do not join a read that has already begun. */
    void forget(String name) {
        inProgress.remove(name);
    }

    private @Nullable Topic lead(String name, CompletableFuture<@Nullable Topic> own) {
        try {
            Topic topic = reader.apply(name);
            own.complete(topic);
            return topic;
        } catch (RuntimeException | Error failure) {
            own.completeExceptionally(failure);
            throw failure;
        } finally {
            inProgress.remove(name, own);
        }
    }

    private static @Nullable Topic join(CompletableFuture<@Nullable Topic> other) {
        try {
            return other.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }
}
