package io.millrace.web;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The one way to leave the event loop: a virtual thread for each call that blocks. */
public final class Blocking {

    /** Long polls count too; each holds its request and a parked thread, some 10 KiB. */
    private static final int MOST_CALLS = 10_000;

    private static final ExecutorService THREADS = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("request-", 0).factory());

    /** Of a plain executor: a scheduler that knew the service would interrupt what a client's going away cancels. */
    private static final Scheduler SCHEDULER = Schedulers.fromExecutor((Executor) THREADS::execute);

    private static final Semaphore PERMITS = new Semaphore(MOST_CALLS);

    private Blocking() {}

    /**
     * The call's result or failure; {@link HubError#OVERLOADED} when too many calls are under way. A client that goes
     * away does not interrupt a call: that would break the pooled connection under it, as an interrupted read closes
     * its socket.
     */
    public static <T> Mono<T> call(Callable<T> call) {
        return Mono.fromCallable(() -> permitted(call)).subscribeOn(SCHEDULER);
    }

    private static <T> T permitted(Callable<T> call) throws Exception {
        if (!PERMITS.tryAcquire()) {
            throw new HubException(HubError.OVERLOADED, "too many requests are under way");
        }
        try {
            return call.call();
        } finally {
            PERMITS.release();
        }
    }
}
