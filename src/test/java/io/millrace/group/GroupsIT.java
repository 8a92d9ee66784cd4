package io.millrace.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.append.Appender;
import io.millrace.cluster.Node;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.Place;
import io.millrace.event.RecordFormat;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.group.admin.GroupDescription;
import io.millrace.group.admin.MemberDescription;
import io.millrace.group.admin.OffsetLag;
import io.millrace.group.admin.ResetOffset;
import io.millrace.group.admin.ResetScope;
import io.millrace.group.admin.ResetTarget;
import io.millrace.security.Caller;
import io.millrace.testing.DatabaseTime;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topic;
import io.millrace.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Membership on two nodes of one cluster. */
class GroupsIT {

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
    void theOnlyMemberOwnsEverythingFromWhereItJoined() {
        Topic topic = first.createTopic("alone", 3);
        produce(topic, 0, "before");

        try (Membership member = join(first, "alone", "alone")) {
            assertThat(partitions(member)).containsExactly(0, 1, 2);
            assertThat(member.assignment().partitions())
                    .extracting(Owned::nextOffset)
                    .containsExactly(1L, 0L, 0L);
            assertThat(member.mayDeliver()).isTrue();
        }
        await().until(() -> describe("alone").state() == GroupDescription.State.EMPTY);
    }

    @Test
    void aPartitionIsHandedOverOnlyOnceItsOwnerHasReleasedIt() {
        first.createTopic("handover", 2);
        try (Membership one = join(first, "handover", "handover");
                Membership two = join(second, "handover", "handover")) {
            await().until(() -> one.assignment().partitions().stream().anyMatch(Owned::revoking));
            assertThat(two.assignment().partitions()).isEmpty();
            assertThat(describe("handover").state()).isEqualTo(GroupDescription.State.REBALANCING);

            one.release(revoking(one)).join();

            await().until(() -> two.assignment().partitions().size() == 1);
            assertThat(partitions(one)).hasSize(1).doesNotContainAnyElementsOf(partitions(two));
            assertThat(two.assignment().partitions().getFirst().epoch())
                    .isGreaterThan(one.assignment().partitions().getFirst().epoch());
        }
    }

    @Test
    void aMemberThatHasLostAPartitionCannotCommitForIt() {
        Topic topic = first.createTopic("fence", 2);
        try (Membership one = join(first, "fence", "fence");
                Membership two = join(second, "fence", "fence")) {
            await().until(() -> one.assignment().partitions().stream().anyMatch(Owned::revoking));
            TopicPartition moving = revoking(one).iterator().next();
            produce(topic, moving.partition(), "a", "b");
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
            assertThat(offset("fence", moving).nextOffset()).isEqualTo(1);
            assertThat(offset("fence", moving).metadata()).isEqualTo("half way");
        }
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
        produce(topic, 0, "a", "b");
        produce(topic, 1, "a", "b");

        groups.commit("whole", member, OptionalLong.empty(), List.of(at(zero, 1), at(one, 1)));
        assertThat(List.of(
                        offset("whole", zero).nextOffset(), offset("whole", one).nextOffset()))
                .containsExactly(1L, 1L);

        for (OffsetCommit wrong : List.of(at(one, 3), at(one, 2).since(0))) {
            assertThatExceptionOfType(HubException.class)
                    .isThrownBy(() -> groups.commit("whole", member, OptionalLong.empty(), List.of(at(zero, 2), wrong)))
                    .satisfies(refusal -> assertThat(
                                    refusal.violations().getFirst().place())
                            .matches(place ->
                                    ((Place.Field) place).path().subList(0, 2).equals(List.of("offsets", "1"))));
            assertThat(List.of(
                            offset("whole", zero).nextOffset(),
                            offset("whole", one).nextOffset()))
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
            produce(again, 0, "a");
            await().until(() -> groups.assignment("anew", member).partitions().stream()
                    .anyMatch(owned -> owned.partitionId() != before));

            groups.commit("anew", member, OptionalLong.empty(), List.of(at(only, 1)));

            assertThat(offset("anew", only).nextOffset()).isEqualTo(1);
        }
    }

    private static OffsetCommit at(TopicPartition partition, long nextOffset) {
        return new OffsetCommit(partition, nextOffset, null);
    }

    @Test
    void aMemberThatItsNodeDoesNotKnowIsRemoved() {
        first.createTopic("ghost", 1);
        // As after a join that was stored and never confirmed.
        String node = first.bean(Node.class).name();
        first.bean(GroupChanges.class)
                .make(
                        "ghost",
                        true,
                        state -> state.join(
                                request("ghost", "ghost", MemberProtocol.WEBSOCKET, null, 45_000),
                                "nobody",
                                node,
                                45_000,
                                10))
                .join();
        try (Membership member = join(second, "ghost", "ghost")) {
            await().until(() -> member.assignment().partitions().size() == 1);
            assertThat(describe("ghost").members()).hasSize(1);
        }
    }

    @Test
    void aHeartbeatByHttpReleasesNothingForAConnectedMember() {
        first.createTopic("connected", 2);
        try (Membership one = join(first, "connected", "connected");
                Membership two = join(second, "connected", "connected")) {
            await().until(() -> one.assignment().partitions().stream().anyMatch(Owned::revoking));
            Groups groups = second.bean(Groups.class);
            for (int call = 0; call < 3; call++) {
                groups.heartbeat("connected", one.memberId(), OptionalLong.empty(), Duration.ZERO);
            }
            assertThat(groups.assignment("connected", one.memberId()).partitions())
                    .hasSize(2);
            assertThat(two.assignment().partitions()).isEmpty();
        }
    }

    @Test
    void aCommitNeverMovesBackButAResetDoes() {
        Topic topic = first.createTopic("back", 1);
        produce(topic, 0, "a", "b", "c");
        TopicPartition only = new TopicPartition("back", 0);
        try (Membership member = join(first, "back", "back")) {
            member.commit(List.of(new OffsetCommit(only, 3, null))).join();
            member.commit(List.of(new OffsetCommit(only, 2, null))).join();
            assertThat(offset("back", only).nextOffset()).isEqualTo(3);

            long epoch = member.assignment().epoch();
            GroupAdmin groups = second.bean(GroupAdmin.class);
            assertThat(groups.reset(Caller.ANYONE, "back", ResetScope.EVERYTHING, new ResetTarget.Shift(-2), true))
                    .containsExactly(new ResetOffset(only, 3, 1));
            assertThat(offset("back", only).nextOffset()).isEqualTo(3);
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
        produce(topic, 0, "a", "b", "c");
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
            assertThat(offset("undo", only).nextOffset()).isZero();
        }
    }

    @Test
    void aMemberHearsOfChangesMadeWhileItJoined() {
        first.createTopic("meanwhile", 4);
        LocalMembers local = first.bean(LocalMembers.class);
        try (Membership one = join(first, "meanwhile", "meanwhile");
                Membership neighbour = join(first, "meanwhile", "meanwhile")) {
            await().until(() -> {
                one.release(revoking(one));
                return neighbour.assignment().partitions().size() == 2;
            });
            Assignment old = one.assignment();
            // As in the middle of its join.
            local.joining(one.memberId());
            local.remove(one);
            try (Membership other = join(second, "meanwhile", "meanwhile")) {
                await().until(() -> {
                    one.release(Set.copyOf(names(old)));
                    neighbour.release(revoking(neighbour));
                    return other.assignment().partitions().size() == 1;
                });
                // The other member on this node knows by now.
                long epoch = describe("meanwhile").epoch();
                await().until(() -> neighbour.assignment().partitions().stream().noneMatch(Owned::revoking));
                Assignment now = first.bean(Groups.class).assignment("meanwhile", one.memberId());
                assertThat(describe("meanwhile").epoch()).isEqualTo(epoch);

                one.assigned(new Assignment(old.groupId(), old.memberId(), 0, List.of()));
                local.add(one);
                local.joined(one.memberId());

                await().until(() -> one.assignment().equals(now));
            }
        }
    }

    @Test
    void aNodeThatStandsStillWithinAChangeDelaysTheGroupForALeaseOnly() {
        TestDatabase database = TestPostgres.newDatabase();
        try (Hub still = Hub.start(database, "millrace.cluster.lease=1s");
                Hub other = Hub.start(database)) {
            other.createTopic("still", 1);
            try (Membership member = join(other, "still", "still")) {
                GroupStore store = still.bean(GroupStore.class);
                TransactionTemplate transaction = new TransactionTemplate(still.bean(PlatformTransactionManager.class));
                AtomicInteger joined = new AtomicInteger();
                assertThatExceptionOfType(RuntimeException.class)
                        .isThrownBy(() -> transaction.execute(_ -> {
                            assertThat(store.lock("still")).isPresent();
                            // Stands for work that takes longer than the lease.
                            join(other, "still", "still").close();
                            return joined.incrementAndGet();
                        }));
                assertThat(joined).hasValue(1);
                assertThat(member.state()).isEqualTo(Membership.State.ACTIVE);
            }
        }
    }

    @Test
    void aMemberWithoutAConnectionLivesByItsCalls() throws Exception {
        first.createTopic("calls", 2);
        Groups groups = first.bean(Groups.class);
        Joined joined = groups.joinDetached(request("calls", "calls", MemberProtocol.REST, null, 8000));
        String member = joined.assignment().memberId();
        assertThat(joined.assignment().partitions()).hasSize(2);

        try (Membership other = join(second, "calls", "calls");
                DatabaseTime time = DatabaseTime.of(database)) {
            for (int i = 0; i < 3; i++) {
                pass(time, Duration.ofSeconds(5));
                // Any node answers; epoch 0 acknowledges nothing.
                second.bean(Groups.class).heartbeat("calls", member, OptionalLong.of(0), Duration.ZERO);
                second.runLoop("group-sweep");
                assertThat(describe("calls").members()).hasSize(2);
                assertThat(other.assignment().partitions()).isEmpty();
            }
            Assignment told = groups.heartbeat("calls", member, OptionalLong.of(0), Duration.ZERO)
                    .assignment();
            assertThat(told.partitions()).filteredOn(Owned::revoking).hasSize(1);

            Assignment after = groups.heartbeat("calls", member, OptionalLong.of(told.epoch()), Duration.ZERO)
                    .assignment();
            assertThat(after.partitions()).hasSize(1).noneMatch(Owned::revoking);
            await().until(() -> other.assignment().partitions().size() == 1);

            // Silence.
            pass(time, Duration.ofSeconds(5));
            pass(time, Duration.ofSeconds(5));
            await().until(() -> other.assignment().partitions().size() == 2);
            assertThatExceptionOfType(HubException.class)
                    .isThrownBy(() -> groups.heartbeat("calls", member, OptionalLong.empty(), Duration.ZERO))
                    .matches(refusal -> refusal.error() == HubError.MEMBER_FENCED);
        }
    }

    @Test
    void aStaticMemberKeepsItsPartitionsOverARestart() {
        first.createTopic("static", 4);
        try (Membership other = join(first, "static", "static")) {
            Membership before = first.bean(Groups.class)
                    .join(request("static", "static", MemberProtocol.WEBSOCKET, "worker-1", 60_000), () -> {});
            await().until(() -> {
                other.release(revoking(other));
                return before.assignment().partitions().size() == 2;
            });
            List<Integer> mine = partitions(before);
            before.close();
            Membership after = second.bean(Groups.class)
                    .join(request("static", "static", MemberProtocol.WEBSOCKET, "worker-1", 60_000), () -> {});

            assertThat(partitions(after)).isEqualTo(mine);
            assertThat(partitions(other)).hasSize(2).doesNotContainAnyElementsOf(mine);
            Membership third = first.bean(Groups.class)
                    .join(request("static", "static", MemberProtocol.WEBSOCKET, "worker-1", 60_000), () -> {});
            await().until(() -> after.state() == Membership.State.REPLACED);
            assertThat(after.mayDeliver()).isFalse();
            third.leave();
            await().until(() -> other.assignment().partitions().size() == 4);
        }
    }

    @Test
    void newTopicsAndPartitionsArePickedUpFromTheirStart() {
        first.createTopic("grow-a", 1);
        try (Membership member = join(first, "grow", "grow-*")) {
            Topic added = second.createTopic("grow-b", 2);
            produce(added, 1, "early");
            await().until(() -> member.assignment().partitions().size() == 3);
            assertThat(member.assignment()
                            .find(new TopicPartition("grow-b", 1))
                            .orElseThrow()
                            .nextOffset())
                    .isZero();
            second.bean(Topics.class)
                    .update("grow-a", _ -> true, io.millrace.topic.ConfigPatch.NONE, java.util.OptionalInt.of(2));
            await().until(() -> member.assignment().partitions().size() == 4);
            second.bean(Topics.class).delete("grow-b", _ -> true);
            await().until(() -> member.assignment().partitions().size() == 2);
        }
    }

    @Test
    void aMemberThatJoinsAfterADeletionIsInANewGroup() {
        first.createTopic("again", 1);
        join(first, "again", "again").leave();
        await().until(() -> describe("again").members().isEmpty());
        GroupChanges changes = first.bean(GroupChanges.class);
        JdbcClient jdbc = first.bean(JdbcClient.class);
        JoinRequest request = request("again", "again", MemberProtocol.REST, null, 60_000);
        List<CompletableFuture<Void>> made = new ArrayList<>();

        // While another transaction changes the group, a deletion and a join are gathered.
        new TransactionTemplate(first.bean(PlatformTransactionManager.class)).executeWithoutResult(_ -> {
            jdbc.sql("select from millrace.consumer_group where name = 'again' for update")
                    .query((_, _) -> true)
                    .single();
            made.add(changes.settle("again"));
            await().until(() -> second.bean(JdbcClient.class)
                            .sql("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                    + " and datname = current_database()")
                            .query(Long.class)
                            .single()
                    == 1);
            made.add(changes.make("again", false, GroupState::delete));
            made.add(changes.make("again", true, state -> state.join(request, "late", null, 60_000, 10)));
        });
        made.forEach(CompletableFuture::join);

        assertThat(describe("again").members())
                .extracting(MemberDescription::memberId)
                .containsExactly("late");
    }

    @Test
    void namesThatNothingCanHaveAreUnknownOrRefused() {
        first.createTopic("odd", 1);
        Groups groups = first.bean(Groups.class);
        GroupAdmin offsets = first.bean(GroupAdmin.class);
        try (Membership _ = join(first, "odd", "odd")) {
            for (Map.Entry<HubError, Runnable> refused : List.<Map.Entry<HubError, Runnable>>of(
                    Map.entry(HubError.UNKNOWN_GROUP, () -> offsets.describe(Caller.ANYONE, "a\0")),
                    Map.entry(HubError.UNKNOWN_GROUP, () -> offsets.delete(Caller.ANYONE, "a\0")),
                    Map.entry(HubError.UNKNOWN_GROUP, () -> groups.leave("a\0", "b")),
                    Map.entry(HubError.MEMBER_FENCED, () -> groups.assignment("odd", "a\0")),
                    Map.entry(
                            HubError.MEMBER_FENCED,
                            () -> groups.heartbeat("odd", "a\0", OptionalLong.empty(), Duration.ZERO)),
                    Map.entry(HubError.INVALID_REQUEST, () -> offsets.list(Caller.ANYONE, "a\0", 10, null)),
                    Map.entry(HubError.INVALID_REQUEST, () -> offsets.list(Caller.ANYONE, "", 10, "a\0")),
                    Map.entry(
                            HubError.INVALID_REQUEST,
                            () -> groups.joinDetached(request("odd", "odd", MemberProtocol.REST, "a\0", 45_000))))) {
                assertThatExceptionOfType(HubException.class)
                        .isThrownBy(() -> refused.getValue().run())
                        .matches(refusal -> refusal.error() == refused.getKey());
            }
        }
    }

    @Test
    void aGroupIsDeletedOnlyWhenItIsEmpty() {
        first.createTopic("delete", 1);
        GroupAdmin groups = first.bean(GroupAdmin.class);
        Membership member = join(first, "delete", "delete");
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> groups.delete(Caller.ANYONE, "delete"))
                .matches(refusal -> refusal.error() == HubError.GROUP_NOT_EMPTY);
        member.close();
        await().until(() -> describe("delete").members().isEmpty());
        groups.delete(Caller.ANYONE, "delete");
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> describe("delete"))
                .matches(refusal -> refusal.error() == HubError.UNKNOWN_GROUP);
    }

    @Test
    void lagIsReportedInRecordsAndInTime() throws Exception {
        Topic topic = first.createTopic("lag", 2);
        try (Membership member = join(first, "lag", "lag")) {
            long now = System.currentTimeMillis();
            produceAt(now - Duration.ofHours(3).toMillis(), topic, 0, "a");
            produceAt(now - Duration.ofHours(2).toMillis(), topic, 0, "b");
            produceAt(now - Duration.ofHours(1).toMillis(), topic, 0, "c");
            member.commit(List.of(new OffsetCommit(new TopicPartition("lag", 0), 1, null)))
                    .join();
            List<OffsetLag> lags = describe("lag").offsets();
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

    @Test
    void manyMembersThatJoinAtOnceSettle() {
        first.createTopic("many", 100);
        List<Membership> members = new ArrayList<>();
        List<Thread> joining = new ArrayList<>();
        List<Membership> joined = java.util.Collections.synchronizedList(members);
        for (int i = 0; i < 50; i++) {
            Hub hub = i % 2 == 0 ? first : second;
            joining.add(Thread.ofVirtual().start(() -> joined.add(join(hub, "many", "many"))));
        }
        joining.forEach(thread -> {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            members.forEach(member -> {
                Set<TopicPartition> revoking = revoking(member);
                if (!revoking.isEmpty()) {
                    member.release(revoking);
                }
            });
            return members.stream()
                    .allMatch(member -> member.assignment().partitions().size() == 2);
        });
        assertThat(members.stream()
                        .flatMap(member -> partitions(member).stream())
                        .collect(Collectors.toSet()))
                .hasSize(100);
        members.forEach(Membership::close);
    }

    private static Membership join(Hub hub, String group, String topic) {
        return hub.bean(Groups.class).join(request(group, topic, MemberProtocol.WEBSOCKET, null, 45_000), () -> {});
    }

    private static JoinRequest request(
            String group, String topic, MemberProtocol protocol, String instanceId, long timeoutMillis) {
        return new JoinRequest(
                group,
                protocol,
                List.of(topic),
                new StartPosition.Latest(),
                instanceId,
                Duration.ofMillis(timeoutMillis),
                null);
    }

    private static List<TopicPartition> names(Assignment assignment) {
        return assignment.partitions().stream().map(Owned::name).toList();
    }

    private static List<Integer> partitions(Membership member) {
        return member.assignment().partitions().stream()
                .map(owned -> owned.name().partition())
                .toList();
    }

    private static Set<TopicPartition> revoking(Membership member) {
        return member.assignment().partitions().stream()
                .filter(Owned::revoking)
                .map(Owned::name)
                .collect(Collectors.toSet());
    }

    private static GroupDescription describe(String group) {
        return second.bean(GroupAdmin.class).describe(Caller.ANYONE, group);
    }

    private static GroupOffset offset(String group, TopicPartition partition) {
        return describe(group).offsets().stream()
                .map(OffsetLag::offset)
                .filter(offset -> offset.name().equals(partition))
                .findFirst()
                .orElseThrow();
    }

    private static void produce(Topic topic, int partition, String... values) {
        produceAt(NewRecord.NO_TIMESTAMP, topic, partition, values);
    }

    private static void produceAt(long timestamp, Topic topic, int partition, String... values) {
        for (String value : values) {
            first.bean(Appender.class)
                    .append(
                            topic,
                            List.of(new NewRecord(
                                    partition,
                                    timestamp,
                                    null,
                                    ('"' + value + '"').getBytes(StandardCharsets.UTF_8),
                                    null,
                                    RecordFormat.DEFAULT)))
                    .join();
        }
    }

    /** Passes less than the nodes' lease, and has it renewed. */
    private static void pass(DatabaseTime time, Duration duration) throws Exception {
        time.advance(duration);
        first.runLoop("node-lease");
        second.runLoop("node-lease");
    }
}
