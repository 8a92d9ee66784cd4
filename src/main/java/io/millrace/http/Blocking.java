package io.millrace.http;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.http.RequestBodies.Body;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Runs blocking calls off the event loop, each on a virtual thread. */
public final class Blocking {

    /** Long polls count too; each holds its request and a parked thread, some 10 KiB. */
    private static final int MOST_CALLS = 10_000;

    private static final ExecutorService THREADS = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("request-", 0).factory());

    /**
     * Made from a plain executor: given the executor service, the scheduler would interrupt calls whose clients go
     * away.
     */
    private static final Scheduler SCHEDULER = Schedulers.fromExecutor((Executor) THREADS::execute);

    private static final Semaphore PERMITS = new Semaphore(MOST_CALLS);

    private Blocking() {}

    /**
     * The call's result or failure; {@link HubError#OVERLOADED} when too many calls are in progress. A client that goes
     * away does not interrupt its call: an interrupted read closes the socket of the pooled connection.
     */
    public static <T> Mono<T> call(Callable<T> call) {
        return Mono.fromCallable(() -> permitted(call)).subscribeOn(SCHEDULER);
    }

    /**
     * As {@link #call}, for a call that is still to come and the body whose memory it uses. The body is closed once the
     * call has ended, even if its client has gone, or once it is certain not to begin.
     */
    static <T> Mono<T> holding(Body held, Mono<Callable<T>> made) {
        AtomicBoolean decided = new AtomicBoolean();
        return made.flatMap(call -> Blocking.<T>call(() -> {
                    if (!decided.compareAndSet(false, true)) {
                        throw new CancellationException("the client has gone");
                    }
                    try (held) {
                        return call.call();
                    }
                }))
                .doFinally(_ -> {
                    if (decided.compareAndSet(false, true)) {
                        held.close();
                    }
                });
    }

    private static <T> T permitted(Callable<T> call) throws Exception {
        if (!PERMITS.tryAcquire()) {
            throw new HubException(HubError.OVERLOADED, "too many requests are in progress");
        }
        try {
            return call.call();
        } finally {
            PERMITS.release();
        }
    }
}
