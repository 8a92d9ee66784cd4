package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Commits records before they are delivered, so that they are delivered at most once. While that fails, for example
 * because PostgreSQL is away, the records wait; they are dropped when the partition is no longer the member's, and
 * after {@value #MOST_ATTEMPTS} attempts.
 */
final class AutomaticCommit {

    /** Bounds a failure that lasts: a client that has gone is noticed only after it. */
    private static final int MOST_ATTEMPTS = 20;

    private final Duration pause;
    private final Ticker ticker;

    /** @param pause between two attempts */
    AutomaticCommit(Duration pause, Ticker ticker) {
        this.pause = pause;
        this.ticker = ticker;
    }

    /**
     * Commits; blocks.
     *
     * @param mayDeliver whether the records could still be delivered
     * @return whether it is stored, so that the records may be delivered
     */
    boolean store(Supplier<CompletableFuture<Void>> commit, BooleanSupplier mayDeliver) throws InterruptedException {
        for (int i = 0; i < MOST_ATTEMPTS && mayDeliver.getAsBoolean(); i++) {
            HubException failure = attempt(commit);
            if (failure == null) {
                return mayDeliver.getAsBoolean();
            }
            if (isFenced(failure.error())) {
                return false;
            }
            ticker.sleep(pause);
        }
        return false;
    }

    private static @Nullable HubException attempt(Supplier<CompletableFuture<Void>> commit) {
        try {
            commit.get().join();
            return null;
        } catch (HubException | CompletionException failure) {
            return HubException.of(failure, "the commit failed");
        }
    }

    /** Whether a commit is refused because the partition is no longer the member's. */
    static boolean isFenced(HubError error) {
        return error == HubError.STALE_MEMBER_EPOCH
                || error == HubError.MEMBER_FENCED
                || error == HubError.UNKNOWN_GROUP;
    }
}
