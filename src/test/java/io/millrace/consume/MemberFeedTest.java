package io.millrace.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.group.Membership;
import io.millrace.group.OffsetCommit;
import io.millrace.security.Caller;
import io.millrace.security.Quotas;
import io.millrace.time.SettableTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A member's feed in a fake group, with a clock that the tests advance. */
class MemberFeedTest {

    private static final TopicPartition A = new TopicPartition("flights", 0);
    private static final TopicPartition B = new TopicPartition("flights", 1);
    private static final Duration REVOKE_TIMEOUT = Duration.ofSeconds(5);

    private final SettableTicker ticker = SettableTicker.standing();
    private final FakeGroup group = new FakeGroup();
    private final List<String> told = new ArrayList<>();
    private final MemberFeed feed = feed(false);

    private final AssignmentListener listener = new AssignmentListener() {
        @Override
        public void revoked(List<TopicPartition> partitions, RevokedReason reason) {
            told.add("revoked " + partitions + " " + reason);
        }

        @Override
        public void assigned(String memberId, long epoch, Map<TopicPartition, Long> nextOffsets) {
            told.add("assigned " + memberId + " " + nextOffsets);
        }
    };

    @Test
    void ownedPartitionsAreFollowedFromWhereTheGroupStands() throws Exception {
        group.give(A);
        group.give(B);
        group.committedElsewhere(B, 40);
        feed.join();

        assertThat(feed.sync(listener)).isTrue();

        assertThat(group.followed()).isEqualTo(Map.of(A, 0L, B, 40L));
        assertThat(told).containsExactly("assigned m1 {" + A + "=0, " + B + "=40}");
        assertThat(feed.longestWait()).as("nothing is left to be done later").isGreaterThan(REVOKE_TIMEOUT);
        feed.sync(listener);
        assertThat(told).hasSize(1);
    }

    @Test
    void aRevokedPartitionIsNoLongerDeliveredAndIsReleasedWhenAllIsCommitted() throws Exception {
        owning(A, B);
        assertThat(deliver(feed, A, 30)).isTrue();

        group.revoke(A);
        feed.sync(listener);

        assertThat(told).last().isEqualTo("revoked [" + A + "] REBALANCE");
        assertThat(group.followed()).containsOnlyKeys(B);
        assertThat(feed.mayTake(A)).isFalse();
        assertThat(feed.mayTake(B)).isTrue();
        assertThat(group.released()).isEmpty();

        commit(A, 29);
        feed.sync(listener);
        assertThat(group.released()).as("one record is not committed").isEmpty();

        commit(A, 30);
        feed.sync(listener);
        assertThat(group.released()).containsExactly(A);
        assertThat(ticker.passed()).isZero();
    }

    @Test
    void withoutACommitARevokedPartitionIsReleasedWhenItsTimeIsOverAndNotBefore() throws Exception {
        owning(A);
        deliver(feed, A, 30);
        group.revoke(A);
        feed.sync(listener);

        ticker.advance(REVOKE_TIMEOUT.minusNanos(1));
        feed.sync(listener);
        assertThat(group.released()).isEmpty();
        assertThat(feed.longestWait()).as("it looks again soon").isLessThan(Duration.ofSeconds(1));

        ticker.advance(Duration.ofNanos(1));
        feed.sync(listener);
        assertThat(group.released()).containsExactly(A);
    }

    @Test
    void aCommitByAnotherNodeCountsToo() throws Exception {
        owning(A);
        deliver(feed, A, 30);
        group.revoke(A);
        feed.sync(listener);

        group.committedElsewhere(A, 30);
        feed.sync(listener);
        assertThat(group.released()).as("this node does not know yet").isEmpty();
        group.refresh();
        feed.sync(listener);

        assertThat(group.released()).containsExactly(A);
    }

    @Test
    void aReleaseThatFailedIsTriedAgain() throws Exception {
        owning(A);
        group.revoke(A);
        group.releasesFail(true);
        feed.sync(listener);
        assertThat(group.released()).isEmpty();

        group.releasesFail(false);
        feed.sync(listener);
        assertThat(group.released()).containsExactly(A);
    }

    @Test
    void noMoreCanBeCommittedThanWasDeliveredOfTheMembersPartitions() throws Exception {
        owning(A);
        deliver(feed, A, 30);

        assertThat(refusal(A, 31)).isEqualTo(HubError.OFFSET_BEYOND_END);
        assertThat(refusal(B, 0)).isEqualTo(HubError.STALE_MEMBER_EPOCH);

        group.revoke(A);
        feed.sync(listener);
        assertThat(refusal(A, 31)).isEqualTo(HubError.OFFSET_BEYOND_END);
        commit(A, 30);
        feed.sync(listener);
        feed.sync(listener);
        assertThat(group.released()).containsExactly(A);
        assertThat(refusal(A, 30)).isEqualTo(HubError.STALE_MEMBER_EPOCH);
    }

    @Test
    void withAutomaticCommitsTheCommitComesFirst() throws Exception {
        MemberFeed automatic = feed(true);
        group.give(A);
        automatic.join();
        automatic.sync(listener);

        assertThat(deliver(automatic, A, 30)).isTrue();
        assertThat(group.committed(A)).isEqualTo(30);

        group.commitsFailWith(HubError.STORAGE_UNAVAILABLE);
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> deliver(automatic, A, 40));
        await().until(() -> ticker.waiting() == 1);
        ticker.advance(MemberFeed.RETRY.minusNanos(1));
        group.commitsFailWith(null);
        assertThat(waiting).isNotDone();
        ticker.advance(Duration.ofNanos(1));
        assertThat(waiting.join()).isTrue();
        assertThat(group.committed(A)).isEqualTo(40);
    }

    @Test
    void recordsThatCouldNotBeCommittedFirstAreDroppedAndComeAgainALittleLater() throws Exception {
        MemberFeed automatic = feed(true);
        group.give(A);
        automatic.join();
        automatic.sync(listener);
        deliver(automatic, A, 30);

        group.commitsFailWith(HubError.STALE_MEMBER_EPOCH);
        assertThat(deliver(automatic, A, 40)).isFalse();
        assertThat(group.followed()).isEmpty();
        assertThat(automatic.mayTake(A)).isFalse();

        group.commitsFailWith(null);
        ticker.advance(MemberFeed.RETRY.minusNanos(1));
        automatic.sync(listener);
        assertThat(group.followed()).isEmpty();
        ticker.advance(Duration.ofNanos(1));
        automatic.sync(listener);
        assertThat(group.followed()).isEqualTo(Map.of(A, 30L));
        assertThat(told).last().isEqualTo("assigned m1 {" + A + "=30}");
    }

    @Test
    void nothingIsDeliveredWhileTheNodeHasNoLease() throws Exception {
        owning(A);

        group.leaseValid(false);
        assertThat(feed.mayTake(A)).isFalse();
        assertThat(deliver(feed, A, 30)).isFalse();

        group.leaseValid(true);
        ticker.advance(MemberFeed.RETRY);
        feed.sync(listener);
        assertThat(group.followed()).isEqualTo(Map.of(A, 0L));
        assertThat(deliver(feed, A, 30)).isTrue();
    }

    @Test
    void aFeedThatHasLostItsMembershipJoinsAnewAsSoonAsItCan() throws Exception {
        owning(A);
        deliver(feed, A, 30);
        commit(A, 20);

        group.end(Membership.State.LOST);
        group.joinsFailWith(HubError.STORAGE_UNAVAILABLE);
        assertThat(feed.sync(listener)).isTrue();
        assertThat(told).last().isEqualTo("revoked [" + A + "] FENCED");
        assertThat(group.followed()).isEmpty();
        assertThat(feed.longestWait()).isEqualTo(MemberFeed.RETRY);
        assertThat(refusal(A, 30)).isEqualTo(HubError.MEMBER_FENCED);

        group.joinsFailWith(null);
        assertThat(feed.sync(listener)).isTrue();
        assertThat(group.joins()).isEqualTo(2);
        assertThat(told).last().isEqualTo("assigned m2 {" + A + "=20}");
        assertThat(group.followed()).isEqualTo(Map.of(A, 20L));
    }

    @Test
    void aFeedEndsWhenItsInstanceHasJoinedAgainElsewhere() throws Exception {
        owning(A);

        group.end(Membership.State.REPLACED);

        assertThat(feed.sync(listener)).isFalse();
        assertThat(told).last().isEqualTo("revoked [" + A + "] FENCED");
        assertThat(group.joins()).isEqualTo(1);
    }

    private void owning(TopicPartition... partitions) throws InterruptedException {
        for (TopicPartition partition : partitions) {
            group.give(partition);
        }
        feed.join();
        feed.sync(listener);
    }

    private static boolean deliver(MemberFeed to, TopicPartition partition, long nextOffset) {
        Fetched records = new Fetched(List.of(), 0, nextOffset, PartitionBounds.settled(0, 0, FakeGroup.END));
        try {
            return to.mayDeliver(new Delivery.Records(partition, records));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void theGroupMovesToTheEndWithAMemberWhoseOffsetHasExpired() throws Exception {
        assertThat(committedAfterAReset(new StartPosition.Latest(), 5, 90)).isEqualTo(90);
    }

    @Test
    void resetsThatLeadToTheSameRecordEveryTimeAreLeftToTheMember() throws Exception {
        assertThat(committedAfterAReset(new StartPosition.Earliest(), 5, 90)).isZero();
        assertThat(committedAfterAReset(new StartPosition.AtTimestamp(1000), 5, 90))
                .isZero();
        assertThat(committedAfterAReset(new StartPosition.Latest(), 100, 90)).isZero();
    }

    private long committedAfterAReset(StartPosition from, long requested, long nextOffset) throws InterruptedException {
        group.give(A);
        MemberFeed moved = feed(from, false);
        moved.join();
        moved.sync(listener);
        moved.moved(new Delivery.Reset(A, requested, nextOffset, 90));
        return group.committed(A);
    }

    private void commit(TopicPartition partition, long nextOffset) {
        feed.commit(List.of(new OffsetCommit(partition, nextOffset, null))).join();
    }

    private HubError refusal(TopicPartition partition, long nextOffset) {
        HubError[] error = new HubError[1];
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> commit(partition, nextOffset))
                .satisfies(refusal -> error[0] = refusal.error());
        return error[0];
    }

    private MemberFeed feed(boolean autoCommit) {
        return feed(new StartPosition.Earliest(), autoCommit);
    }

    private MemberFeed feed(StartPosition from, boolean autoCommit) {
        JoinRequest join =
                new JoinRequest("billing", MemberProtocol.WEBSOCKET, List.of("flights"), from, null, null, null);
        return new MemberFeed(
                group,
                new MemberAccess((_, _) -> {}, Quotas.NONE),
                new MemberShare(REVOKE_TIMEOUT, MemberFeed.RETRY, ticker),
                Caller.ANYONE,
                new JoinTerms(join, autoCommit),
                group,
                ticker);
    }
}
