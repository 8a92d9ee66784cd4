package io.millrace.bench.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether a run goes on. The first failure anywhere ends it; what fails once it is over, such as connections that are
 * being closed, is no failure. Any thread.
 */
public final class Run {

    private final CompletableFuture<Void> over = new CompletableFuture<>();

    public void fail(BenchException failure) {
        over.completeExceptionally(failure);
    }

    /** From now on nothing can fail any more. */
    public void finish() {
        over.complete(null);
        check();
    }

    /** @throws BenchException that has ended the run */
    public void check() {
        if (over.isCompletedExceptionally()) {
            throw (BenchException) over.exceptionNow();
        }
    }

    /** Waits that long, unless the run fails before. */
    public void pause(long nanos) {
        await(new CompletableFuture<>(), nanos);
    }

    /**
     * Waits until something is done or the run has failed.
     *
     * @return whether it is done in time
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
