package io.millrace.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.time.SettableTicker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waits for standbys on a fake primary, with a time that stands still. */
class ReplicationTest {

    private static final Leader PROMOTED = new Leader(1, 2);

    private final SettableTicker ticker = SettableTicker.standing();
    private final FakeReplicas servers = new FakeReplicas(ticker);
    private final Replication replication = servers.replication();

    @BeforeEach
    void oneStandby() {
        servers.write(100);
        servers.standby("a", "quorum", 100);
        servers.round();
    }

    @Test
    void aWaitEndsWhenTheStandbyHasWhatWasFlushedBeforeTheWait() {
        servers.write(50);
        CompletableFuture<Void> wait = replication.flushed(2, FakeReplicas.LEADER);

        servers.round();
        assertThat(wait).isNotDone();

        servers.write(1000);
        servers.standby("a", "quorum", 149);
        servers.round();
        assertThat(wait).isNotDone();

        servers.standby("a", "quorum", 150);
        servers.round();
        assertThat(wait).isCompleted();
    }

    @Test
    void aLookFromBeforeTheWaitDoesNotEndIt() {
        servers.write(50);
        servers.standby("a", "quorum", 150);
        servers.round();

        servers.write(10);
        CompletableFuture<Void> wait = replication.flushed(2, FakeReplicas.LEADER);
        servers.round();

        assertThat(wait).isNotDone();
    }

    @Test
    void whatThePrimaryWroteUnderAnotherLeaderIsUnknown() {
        servers.write(50);
        CompletableFuture<Void> before = replication.flushed(2, FakeReplicas.LEADER);
        servers.round();
        servers.lead(PROMOTED);
        servers.standby("a", "quorum", 10_000);
        CompletableFuture<Void> late = replication.flushed(2, FakeReplicas.LEADER);
        CompletableFuture<Void> promoted = replication.flushed(2, PROMOTED);

        servers.round();

        assertOutcomeUnknown(before);
        assertOutcomeUnknown(late);
        assertThat(promoted).isCompleted();
    }

    @Test
    void aWaitThatTakesTooLongEndsWithAnUnknownOutcomeAlsoWhileThePrimaryIsAway() {
        servers.write(50);
        CompletableFuture<Void> wait = replication.flushed(2, FakeReplicas.LEADER);
        servers.round();
        servers.away(true);
        CompletableFuture<Void> unseen = replication.flushed(2, FakeReplicas.LEADER);
        servers.round();
        ticker.advance(Duration.ofSeconds(10));
        servers.round();
        assertThat(wait).isNotDone();

        ticker.advance(Duration.ofMillis(1));
        servers.round();

        assertOutcomeUnknown(wait);
        assertOutcomeUnknown(unseen);
    }

    @Test
    void aWaitGoesOnAfterThePrimaryWasAway() {
        servers.write(50);
        servers.away(true);
        CompletableFuture<Void> wait = replication.flushed(2, FakeReplicas.LEADER);
        servers.round();
        assertThat(wait).isNotDone();

        servers.away(false);
        servers.standby("a", "quorum", 150);
        servers.round();

        assertThat(wait).isCompleted();
    }

    @Test
    void anEndlessWaitOutlivesTheTimeoutAndEndsUnderItsLeaderOnly() {
        servers.write(50);
        CompletableFuture<Void> before = replication.eventuallyFlushed(2, FakeReplicas.LEADER);
        CompletableFuture<Void> after = replication.eventuallyFlushed(2, PROMOTED);
        servers.round();
        ticker.advance(Duration.ofMinutes(1));
        servers.lead(PROMOTED);
        servers.round();
        assertThat(after).isNotDone();

        servers.standby("a", "quorum", 150);
        servers.round();

        assertThat(after).isCompleted();
        assertThat(before).isNotDone();
    }

    @Test
    void anEndlessWaitForALeaderThatIsNotSeenYetCountsFromItsFirstLook() {
        servers.write(50);
        CompletableFuture<Void> wait = replication.eventuallyFlushed(2, PROMOTED);
        servers.standby("a", "quorum", 150);
        servers.round();
        assertThat(wait).isNotDone();

        servers.write(50);
        servers.lead(PROMOTED);
        servers.round();
        assertThat(wait).isNotDone();

        servers.standby("a", "quorum", 200);
        servers.round();
        assertThat(wait).isCompleted();
    }

    @Test
    void tooFewServersInSyncAreRefusedAtOnce() {
        replication.require(2);
        assertRefused(3, "2 of 3 servers are in sync");

        servers.standby("a", "async", 100);
        servers.round();
        assertRefused(2, "1 of 2 servers are in sync");

        servers.lose("a");
        servers.round();
        assertRefused(2, "1 of 2 servers are in sync");
    }

    @Test
    void noFewerStandbysCountThanPostgresqlWaitsFor() {
        servers.demand(2);
        servers.round();

        assertRefused(2, "2 of 3 servers are in sync");
    }

    @Test
    void standbysThatConfirmNothingForSecondsAreRefusedUntilTheyDo() {
        servers.write(50);
        CompletableFuture<Void> wait = replication.flushed(2, FakeReplicas.LEADER);
        servers.round();
        ticker.advance(Duration.ofMillis(3001));
        servers.round();
        assertRefused(2, "the standbys have confirmed nothing for 3 s");

        servers.standby("a", "quorum", 150);
        servers.round();
        assertThat(wait).isCompleted();
        replication.require(2);
    }

    @Test
    void anUnknownStateIsRefused() {
        servers.away(true);
        servers.round();
        assertRefused(2, "the primary's standbys are not known now");
        assertThat(replication.replicas()).isEmpty();

        servers.away(false);
        servers.visible(false);
        servers.round();
        assertRefused(2, "grant pg_monitor");
    }

    private void assertRefused(int copies, String detail) {
        assertThatThrownBy(() -> replication.require(copies))
                .isInstanceOfSatisfying(HubException.class, refusal -> assertThat(refusal.error())
                        .isEqualTo(HubError.NOT_ENOUGH_REPLICAS))
                .hasMessageContaining(detail);
    }

    private static void assertOutcomeUnknown(CompletableFuture<Void> wait) {
        assertThat(wait).isCompletedExceptionally();
        assertThatThrownBy(wait::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(HubException.class)
                .satisfies(failure ->
                        assertThat(((HubException) failure.getCause()).error()).isEqualTo(HubError.OUTCOME_UNKNOWN));
    }
}
