package io.millrace.http;

import io.millrace.connection.Connections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Turns a future, which a thread below completes, into the result of a request. The result is always a task of the
 * request's own event loop: answers that another thread wrote while the event loop was about to wait for them were seen
 * to get lost.
 */
public final class Answers {

    private Answers() {}

    /** The future's result or failure; a client that goes away does not cancel the future. */
    public static <T> Mono<T> of(CompletableFuture<T> future, ServerHttpResponse response) {
        Executor eventLoop = Connections.of(response).eventLoop();
        return Mono.create(sink -> complete(future, sink, eventLoop));
    }

    /** As {@link #of}, for a request that bypasses WebFlux. */
    public static <T> void complete(CompletableFuture<T> future, MonoSink<T> sink, Executor eventLoop) {
        future.whenCompleteAsync(
                (value, failure) -> {
                    if (failure != null) {
                        sink.error(failure);
                    } else {
                        sink.success(value);
                    }
                },
                eventLoop);
    }
}
