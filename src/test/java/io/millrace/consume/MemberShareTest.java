package io.millrace.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.group.Assignment;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import io.millrace.time.SettableTicker;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A member's share over time, with a clock that the tests advance. */
class MemberShareTest {

    private static final TopicPartition A = new TopicPartition("flights", 0);
    private static final TopicPartition B = new TopicPartition("flights", 1);
    private static final long SECOND = 1_000_000_000L;

    private final SettableTicker ticker = SettableTicker.standing();
    private final MemberShare share = new MemberShare(Duration.ofSeconds(5), Duration.ofSeconds(2), ticker);

    @Test
    void aRevokedPartitionIsReleasedWhenAllThatWasDeliveredIsCommitted() {
        share.follow(owned(A, 1, 10, false), 10);
        share.delivered(A, 30);

        assertThat(cease(assigned(2, owned(A, 1, 10, true)), 0)).containsExactly(A);
        assertThat(share.follows(A)).isFalse();
        assertThat(share.isLeaving()).isTrue();
        assertThat(due(assigned(2, owned(A, 1, 29, true)), SECOND)).isEmpty();
        assertThat(due(assigned(2, owned(A, 1, 30, true)), SECOND)).containsExactly(A);
    }

    @Test
    void aRevokedPartitionIsReleasedWhenItsTimeIsOver() {
        share.follow(owned(A, 1, 10, false), 10);
        share.delivered(A, 30);
        Assignment revoking = assigned(2, owned(A, 1, 10, true));

        cease(revoking, 3 * SECOND);

        assertThat(due(revoking, 8 * SECOND - 1)).isEmpty();
        assertThat(due(revoking, 8 * SECOND)).containsExactly(A);
    }

    @Test
    void theClockMayOverflow() {
        share.follow(owned(A, 1, 10, false), 10);
        share.delivered(A, 30);
        Assignment revoking = assigned(2, owned(A, 1, 10, true));
        long before = ticker.nanos();

        cease(revoking, 0);

        assertThat(due(revoking, 2 * SECOND)).isEmpty();
        assertThat(due(revoking, 5 * SECOND)).containsExactly(A);
        assertThat(ticker.nanos()).isNegative().isLessThan(before);
    }

    @Test
    void aReleaseIsAskedForOnceUnlessItFailed() {
        share.follow(owned(A, 1, 10, false), 10);
        Assignment revoking = assigned(2, owned(A, 1, 10, true));
        cease(revoking, 0);

        assertThat(due(revoking, 0)).containsExactly(A);
        assertThat(due(revoking, SECOND)).isEmpty();
        share.notReleased(Set.of(A));
        assertThat(due(revoking, 2 * SECOND)).containsExactly(A);
    }

    @Test
    void aPartitionThatWasNeverFollowedIsReleasedAtOnce() {
        Assignment revoking = assigned(2, owned(A, 1, 10, true));

        assertThat(cease(revoking, 0)).isEmpty();
        assertThat(due(revoking, 0)).containsExactly(A);
    }

    @Test
    void aPartitionThatAnotherMemberOwnsByNowIsForgotten() {
        share.follow(owned(A, 1, 10, false), 10);
        share.delivered(A, 30);
        cease(assigned(2, owned(A, 1, 10, true)), 0);

        assertThat(due(assigned(3), 10 * SECOND)).isEmpty();
        assertThat(share.isLeaving()).isFalse();
    }

    @Test
    void aPartitionOwnedUnderANewEpochIsFollowedAnew() {
        share.follow(owned(A, 1, 10, false), 10);

        assertThat(cease(assigned(3, owned(A, 3, 0, false)), 0)).containsExactly(A);
        assertThat(share.isLeaving()).isFalse();
        share.follow(owned(A, 3, 0, false), 0);
        assertThat(share.epoch(A)).isEqualTo(3);
    }

    @Test
    void otherPartitionsAreKept() {
        share.follow(owned(A, 1, 10, false), 10);
        share.follow(owned(B, 1, 10, false), 10);

        assertThat(cease(assigned(2, owned(A, 1, 10, true), owned(B, 1, 10, false)), 0))
                .containsExactly(A);
        assertThat(share.followed()).containsExactly(B);
    }

    @Test
    void aStoppedPartitionIsFollowedAgainAfterAPause() {
        share.follow(owned(A, 1, 10, false), 10);
        share.follow(owned(B, 1, 10, false), 10);
        stop(A, 3 * SECOND);

        assertThat(share.followed()).containsExactly(B);
        assertThat(share.held()).containsExactly(A, B);
        assertThat(share.isSettled()).isFalse();
        assertThat(share.wants(owned(A, 1, 10, false))).isFalse();
        assertThat(mayResume(5 * SECOND - 1)).isFalse();
        assertThat(mayResume(5 * SECOND)).isTrue();
        assertThat(mayResume(7 * SECOND - 1)).isFalse();
        Owned later = owned(A, 1, 15, false);
        assertThat(share.resumable(assigned(1, later, owned(B, 1, 10, false)))).containsExactly(later);

        share.follow(later, 15);
        assertThat(share.isSettled()).isTrue();
        assertThat(mayResume(99 * SECOND)).isFalse();
        assertThat(committable(A, 15)).hasSize(1);
    }

    @Test
    void aStoppedPartitionOwnedUnderANewEpochIsFollowedAtOnce() {
        share.follow(owned(A, 1, 10, false), 10);
        stop(A, 0);
        Owned anew = owned(A, 3, 0, false);

        assertThat(share.resumable(assigned(3, anew))).isEmpty();
        assertThat(cease(assigned(3, anew), 0)).containsExactly(A);
        assertThat(share.wants(anew)).isTrue();
    }

    @Test
    void aStoppedPartitionThatIsRevokedIsReleasedAtOnce() {
        share.follow(owned(A, 1, 10, false), 10);
        stop(A, 0);
        Assignment revoking = assigned(2, owned(A, 1, 10, true));

        assertThat(share.resumable(revoking)).isEmpty();
        assertThat(cease(revoking, SECOND)).containsExactly(A);
        assertThat(share.held()).isEmpty();
        assertThat(due(revoking, SECOND)).containsExactly(A);
    }

    @Test
    void aStoppedPartitionThatAnotherMemberOwnsByNowIsForgotten() {
        share.follow(owned(A, 1, 10, false), 10);
        stop(A, 0);

        assertThat(cease(assigned(2), SECOND)).containsExactly(A);
        assertThat(share.isSettled()).isTrue();
    }

    @Test
    void noMoreIsCommittedThanWasDelivered() {
        share.follow(owned(A, 1, 10, false), 10);
        share.delivered(A, 30);

        assertThat(committable(A, 30)).containsExactly(new OffsetCommit(A, 30, null).since(1));
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> committable(A, 31))
                .satisfies(refusal -> {
                    assertThat(refusal.error()).isEqualTo(HubError.OFFSET_BEYOND_END);
                    assertThat(refusal.violations().getFirst().place())
                            .isEqualTo(Place.field("offsets", 0, "next_offset"));
                });
    }

    @Test
    void aLeavingPartitionMayBeCommittedUntilItIsReleased() {
        share.follow(owned(A, 1, 10, false), 10);
        share.delivered(A, 30);
        cease(assigned(2, owned(A, 1, 10, true)), 0);

        assertThat(committable(A, 20)).containsExactly(new OffsetCommit(A, 20, null).since(1));
        due(assigned(3), 0);
        assertThatExceptionOfType(NotMine.class).isThrownBy(() -> committable(A, 20));
    }

    @Test
    void nothingIsCommittedUnderAnotherEpoch() {
        share.follow(owned(A, 3, 10, false), 10);
        share.delivered(A, 30);

        assertThatExceptionOfType(NotMine.class).isThrownBy(() -> committable(new OffsetCommit(A, 20, null).since(2)));
        assertThatExceptionOfType(NotMine.class).isThrownBy(() -> committable(new OffsetCommit(A, 20, null).since(9)));
        assertThat(committable(new OffsetCommit(A, 20, null).since(4))).hasSize(1);
        assertThatExceptionOfType(NotMine.class).isThrownBy(() -> committable(B, 0));
    }

    @Test
    void aPartitionIsCommittedOnceTheGroupHasCaughtUp() {
        share.follow(owned(A, 1, 10, false), 10);
        assertThat(share.isCommitted(owned(A, 1, 10, false))).isTrue();
        share.delivered(A, 30);
        assertThat(share.isCommitted(owned(A, 1, 29, false))).isFalse();
        assertThat(share.isCommitted(owned(A, 1, 30, false))).isTrue();
        assertThat(share.isCommitted(owned(A, 2, 0, false))).isTrue();
    }

    private static final class NotMine extends RuntimeException {}

    private List<OffsetCommit> committable(TopicPartition partition, long nextOffset) {
        return committable(new OffsetCommit(partition, nextOffset, null));
    }

    /** By a member of epoch 5. */
    private List<OffsetCommit> committable(OffsetCommit position) {
        return share.committable(List.of(position), 5, (_, _) -> {
            throw new NotMine();
        });
    }

    private static Owned owned(TopicPartition name, long epoch, long nextOffset, boolean revoking) {
        return new Owned(name, name.partition() + 100, epoch, nextOffset, revoking);
    }

    private static Assignment assigned(long epoch, Owned... owned) {
        return new Assignment(1, "me", epoch, new StartPosition.Earliest(), List.of(owned));
    }

    private void at(long nanos) {
        ticker.advance(Duration.ofNanos(nanos).minus(ticker.passed()));
    }

    private List<TopicPartition> cease(Assignment now, long nanos) {
        at(nanos);
        return share.cease(now);
    }

    private Set<TopicPartition> due(Assignment now, long nanos) {
        at(nanos);
        return share.due(now);
    }

    private void stop(TopicPartition name, long nanos) {
        at(nanos);
        share.stop(name);
    }

    private boolean mayResume(long nanos) {
        at(nanos);
        return share.mayResume();
    }
}
