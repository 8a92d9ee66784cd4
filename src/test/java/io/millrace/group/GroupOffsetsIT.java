package io.millrace.group;

import static io.millrace.group.TestGroups.describe;
import static io.millrace.group.TestGroups.join;
import static io.millrace.group.TestGroups.offset;
import static io.millrace.group.TestGroups.produce;
import static io.millrace.group.TestGroups.produceAt;
import static io.millrace.group.TestGroups.request;
import static io.millrace.group.TestGroups.revoking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.TopicPartition;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.group.admin.OffsetLag;
import io.millrace.group.admin.ResetOffset;
import io.millrace.group.admin.ResetScope;
import io.millrace.group.admin.ResetTarget;
import io.millrace.security.Caller;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topic;
import io.millrace.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Commits, resets and lag on two nodes of one cluster. */
class GroupOffsetsIT {

    private static TestDatabase database;
    private static Hub first;
    private static Hub second;

    @BeforeAll
    static void start() {
        database = TestPostgres.newDatabase();
        first = Hub.start(database);
        second = Hub.start(database, "millrace.groups.lag-interval=200ms");
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void aCommitIsStoredWholeOrNotAtAll() {
        Topic topic = first.createTopic("whole", 2);
        TopicPartition zero = new TopicPartition("whole", 0);
        TopicPartition one = new TopicPartition("whole", 1);
        Groups groups = second.bean(Groups.class);
        String member = groups.joinDetached(request("whole", "whole", MemberProtocol.REST, null, 45_000))
                .assignment()
                .memberId();
        produce(first, topic, 0, "a", "b");
        produce(first, topic, 1, "a", "b");

        groups.commit("whole", member, OptionalLong.empty(), List.of(at(zero, 1), at(one, 1)));
        assertThat(List.of(
                        offset(second, "whole", zero).nextOffset(),
                        offset(second, "whole", one).nextOffset()))
                .containsExactly(1L, 1L);

        for (OffsetCommit wrong : List.of(at(one, 3), at(one, 2).since(0))) {
            assertThatExceptionOfType(HubException.class)
                    .isThrownBy(() -> groups.commit("whole", member, OptionalLong.empty(), List.of(at(zero, 2), wrong)))
                    .satisfies(refusal -> assertThat(
                                    refusal.violations().getFirst().place())
                            .matches(place ->
                                    ((Place.Field) place).path().subList(0, 2).equals(List.of("offsets", "1"))));
            assertThat(List.of(
                            offset(second, "whole", zero).nextOffset(),
                            offset(second, "whole", one).nextOffset()))
                    .containsExactly(1L, 1L);
        }
    }

    @Test
    void aCommitFindsATopicThatAnotherNodeHasCreatedAnew() {
        try (Hub late = Hub.start(database)) {
            late.stopLoop("topic-catalogue");
            first.createTopic("anew", 1);
            TopicPartition only = new TopicPartition("anew", 0);
            Groups groups = late.bean(Groups.class);
            String member = groups.joinDetached(request("anew", "anew", MemberProtocol.REST, null, 45_000))
                    .assignment()
                    .memberId();
            int before =
                    groups.assignment("anew", member).partitions().getFirst().partitionId();
            groups.commit("anew", member, OptionalLong.empty(), List.of(at(only, 0)));
            first.bean(Topics.class).delete("anew", _ -> true);
            Topic again = first.createTopic("anew", 1);
            produce(first, again, 0, "a");
            await().until(() -> groups.assignment("anew", member).partitions().stream()
                    .anyMatch(owned -> owned.partitionId() != before));

            groups.commit("anew", member, OptionalLong.empty(), List.of(at(only, 1)));

            assertThat(offset(second, "anew", only).nextOffset()).isEqualTo(1);
        }
    }

    @Test
    void aMemberThatHasLostAPartitionCannotCommitForIt() {
        Topic topic = first.createTopic("fence", 2);
        try (Membership one = join(first, "fence", "fence");
                Membership two = join(second, "fence", "fence")) {
            await().until(() -> one.assignment().partitions().stream().anyMatch(Owned::revoking));
            TopicPartition moving = revoking(one).iterator().next();
            produce(first, topic, moving.partition(), "a", "b");
            one.commit(List.of(new OffsetCommit(moving, 1, "half way"))).join();
            Assignment late = one.assignment();
            one.release(Set.of(moving)).join();
            await().until(() -> two.assignment().find(moving).isPresent());

            assertThat(two.assignment().find(moving).orElseThrow().nextOffset()).isEqualTo(1);
            // Like a node that has not heard of it yet.
            one.assigned(late);
            assertThatExceptionOfType(HubException.class)
                    .isThrownBy(() -> GroupChanges.await(one.commit(List.of(new OffsetCommit(moving, 2, null)))))
                    .matches(refusal -> refusal.error() == HubError.STALE_MEMBER_EPOCH);
            assertThat(offset(second, "fence", moving).nextOffset()).isEqualTo(1);
            assertThat(offset(second, "fence", moving).metadata()).isEqualTo("half way");
        }
    }

    @Test
    void aCommitNeverMovesBackButAResetDoes() {
        Topic topic = first.createTopic("back", 1);
        produce(first, topic, 0, "a", "b", "c");
        TopicPartition only = new TopicPartition("back", 0);
        try (Membership member = join(first, "back", "back")) {
            member.commit(List.of(new OffsetCommit(only, 3, null))).join();
            member.commit(List.of(new OffsetCommit(only, 2, null))).join();
            assertThat(offset(second, "back", only).nextOffset()).isEqualTo(3);

            long epoch = member.assignment().epoch();
            GroupAdmin groups = second.bean(GroupAdmin.class);
            assertThat(groups.reset(Caller.ANYONE, "back", ResetScope.EVERYTHING, new ResetTarget.Shift(-2), true))
                    .containsExactly(new ResetOffset(only, 3, 1));
            assertThat(offset(second, "back", only).nextOffset()).isEqualTo(3);
            groups.reset(
                    Caller.ANYONE,
                    "back",
                    new ResetScope(List.of("back"), List.of()),
                    new ResetTarget.Shift(-2),
                    false);

            await().until(() -> member.assignment().epoch() > epoch);
            Owned again = member.assignment().find(only).orElseThrow();
            assertThat(again.nextOffset()).isEqualTo(1);
            assertThat(again.epoch()).isGreaterThan(epoch);
        }
    }

    @Test
    void recordsDeliveredBeforeAResetCannotBeCommittedAfterIt() {
        Topic topic = first.createTopic("undo", 1);
        produce(first, topic, 0, "a", "b", "c");
        TopicPartition only = new TopicPartition("undo", 0);
        try (Membership member = join(first, "undo", "undo")) {
            Assignment before = member.assignment();
            second.bean(GroupAdmin.class)
                    .reset(Caller.ANYONE, "undo", ResetScope.EVERYTHING, new ResetTarget.Earliest(), false);
            await().until(() -> member.assignment().epoch() > before.epoch());

            List<OffsetCommit> delivered = List.of(new OffsetCommit(only, 3, null)
                    .since(before.find(only).orElseThrow().epoch()));
            assertThatExceptionOfType(HubException.class)
                    .isThrownBy(() -> GroupChanges.await(member.commit(delivered)))
                    .matches(refusal -> refusal.error() == HubError.STALE_MEMBER_EPOCH);
            // Like a node that has not heard of it yet: the row itself refuses.
            member.assigned(before);
            assertThatExceptionOfType(HubException.class)
                    .isThrownBy(() -> GroupChanges.await(member.commit(delivered)))
                    .matches(refusal -> refusal.error() == HubError.STALE_MEMBER_EPOCH);
            assertThat(offset(second, "undo", only).nextOffset()).isZero();
        }
    }

    @Test
    void lagIsReportedInRecordsAndInTime() throws Exception {
        Topic topic = first.createTopic("lag", 2);
        try (Membership member = join(first, "lag", "lag")) {
            long now = System.currentTimeMillis();
            produceAt(first, now - Duration.ofHours(3).toMillis(), topic, 0, "a");
            produceAt(first, now - Duration.ofHours(2).toMillis(), topic, 0, "b");
            produceAt(first, now - Duration.ofHours(1).toMillis(), topic, 0, "c");
            member.commit(List.of(new OffsetCommit(new TopicPartition("lag", 0), 1, null)))
                    .join();
            List<OffsetLag> lags = describe(second, "lag").offsets();
            assertThat(lags).extracting(OffsetLag::lag).containsExactly(2L, 0L);
            assertThat(lags).extracting(OffsetLag::endOffset).containsExactly(3L, 0L);
            assertThat(Duration.ofMillis(lags.get(0).lagMillis()))
                    .isBetween(Duration.ofHours(2), Duration.ofHours(2).plusMinutes(1));
            assertThat(lags.get(1).lagMillis()).isZero();
            await().until(
                            () -> second
                                    .bean(MeterRegistry.class)
                                    .find("millrace.group.lag")
                                    .tags("group", "lag", "topic", "lag")
                                    .gauges()
                                    .stream()
                                    .anyMatch(gauge -> gauge.value() == 2));
        }
    }

    private static OffsetCommit at(TopicPartition partition, long nextOffset) {
        return new OffsetCommit(partition, nextOffset, null);
    }
}
