package io.millrace.eventlog;

import java.util.concurrent.CompletableFuture;

/** Answers that are ready and wait for standbys. */
public final class DeferredAnswers {

    private DeferredAnswers() {}

    /**
     * Completes the answer with the value when the wait is over, or with the failure of the wait. Keeps nothing of a
     * request but these: its records need no memory while it waits.
     */
    public static <T> void complete(CompletableFuture<T> answer, T value, CompletableFuture<Void> replicated) {
        replicated.whenComplete((_, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }
}
