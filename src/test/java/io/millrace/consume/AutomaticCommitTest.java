package io.millrace.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AutomaticCommitTest {

    private final AutomaticCommit automatic = new AutomaticCommit(Duration.ofNanos(1), Ticker.SYSTEM);
    private final Deque<CompletableFuture<Void>> outcomes = new ArrayDeque<>();

    @Test
    void storedRecordsMayBeDelivered() throws InterruptedException {
        outcomes.add(CompletableFuture.completedFuture(null));

        assertThat(automatic.store(outcomes::remove, () -> true)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = HubError.class,
            names = {"STALE_MEMBER_EPOCH", "MEMBER_FENCED", "UNKNOWN_GROUP"})
    void aFencedCommitIsNotTriedAgain(HubError fence) throws InterruptedException {
        outcomes.add(failure(fence));

        assertThat(automatic.store(outcomes::remove, () -> true)).isFalse();
        assertThat(outcomes).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = HubError.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STALE_MEMBER_EPOCH", "MEMBER_FENCED", "UNKNOWN_GROUP"})
    void otherFailuresAreTriedAgain(HubError error) throws InterruptedException {
        outcomes.addAll(List.of(
                failure(error),
                CompletableFuture.failedFuture(new IllegalStateException()),
                CompletableFuture.completedFuture(null)));

        assertThat(automatic.store(outcomes::remove, () -> true)).isTrue();
        assertThat(outcomes).isEmpty();
    }

    @Test
    void aRefusalBeforeTheCommitIsQueuedCountsTheSame() throws InterruptedException {
        assertThat(automatic.store(
                        () -> {
                            throw new HubException(HubError.STALE_MEMBER_EPOCH, "not the member's");
                        },
                        () -> true))
                .isFalse();
    }

    @Test
    void nothingIsDeliveredOnceTheMemberMayNotDeliver() throws InterruptedException {
        AtomicBoolean may = new AtomicBoolean(true);
        assertThat(automatic.store(
                        () -> {
                            may.set(false);
                            return CompletableFuture.completedFuture(null);
                        },
                        may::get))
                .isFalse();
        assertThat(automatic.store(outcomes::remove, () -> false)).isFalse();
    }

    @Test
    void aFailureThatLastsIsGivenUp() throws InterruptedException {
        assertThat(automatic.store(() -> failure(HubError.INTERNAL), () -> true))
                .isFalse();
    }

    private static CompletableFuture<Void> failure(HubError error) {
        return CompletableFuture.failedFuture(new HubException(error, "no"));
    }
}
