package io.millrace.bench.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether a run continues. The first failure ends it; failures after its end, such as closing connections, are ignored.
 * Thread-safe.
 */
public final class Run {

    private final CompletableFuture<Void> over = new CompletableFuture<>();

    public void fail(BenchException failure) {
        over.completeExceptionally(failure);
    }

    /** Ends the run; failures from now on are ignored. */
    public void finish() {
        over.complete(null);
        check();
    }

    /** @throws BenchException the failure that has ended the run */
    public void check() {
        if (over.isCompletedExceptionally()) {
            throw (BenchException) over.exceptionNow();
        }
    }

    /** Waits that long, or until the run fails. */
    public void pause(long nanos) {
        await(new CompletableFuture<>(), nanos);
    }

    /**
     * Waits until something is done or the run has failed.
     *
     * @return whether it was done in time
     */
    public boolean await(CompletableFuture<?> done, long nanos) {
        try {
            CompletableFuture.anyOf(done, over).get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException later) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof BenchException failure) {
                throw failure;
            }
            throw new IllegalStateException(failed);
        }
        return done.isDone();
    }
}
