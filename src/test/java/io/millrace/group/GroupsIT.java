package io.millrace.group;

import static io.millrace.group.TestGroups.describe;
import static io.millrace.group.TestGroups.join;
import static io.millrace.group.TestGroups.produce;
import static io.millrace.group.TestGroups.request;
import static io.millrace.group.TestGroups.revoking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.Node;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.group.admin.GroupDescription;
import io.millrace.group.admin.MemberDescription;
import io.millrace.security.Caller;
import io.millrace.testing.DatabaseTime;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topic;
import io.millrace.topic.Topics;
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
        second = Hub.start(database);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void theOnlyMemberOwnsEverythingFromWhereItJoined() {
        Topic topic = first.createTopic("alone", 3);
        produce(first, topic, 0, "before");

        try (Membership member = join(first, "alone", "alone")) {
            assertThat(partitions(member)).containsExactly(0, 1, 2);
            assertThat(member.assignment().partitions())
                    .extracting(Owned::nextOffset)
                    .containsExactly(1L, 0L, 0L);
            assertThat(member.mayDeliver()).isTrue();
        }
        await().until(() -> describe(second, "alone").state() == GroupDescription.State.EMPTY);
    }

    @Test
    void aPartitionIsHandedOverOnlyOnceItsOwnerHasReleasedIt() {
        first.createTopic("handover", 2);
        try (Membership one = join(first, "handover", "handover");
                Membership two = join(second, "handover", "handover")) {
            await().until(() -> one.assignment().partitions().stream().anyMatch(Owned::revoking));
            assertThat(two.assignment().partitions()).isEmpty();
            assertThat(describe(second, "handover").state()).isEqualTo(GroupDescription.State.REBALANCING);

            one.release(revoking(one)).join();

            await().until(() -> two.assignment().partitions().size() == 1);
            assertThat(partitions(one)).hasSize(1).doesNotContainAnyElementsOf(partitions(two));
            assertThat(two.assignment().partitions().getFirst().epoch())
                    .isGreaterThan(one.assignment().partitions().getFirst().epoch());
        }
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
            // The node looks for such members once in the time of a lease, 10 s.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> member.assignment().partitions().size() == 1);
            assertThat(describe(second, "ghost").members()).hasSize(1);
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
                long epoch = describe(second, "meanwhile").epoch();
                await().until(() -> neighbour.assignment().partitions().stream().noneMatch(Owned::revoking));
                Assignment now = first.bean(Groups.class).assignment("meanwhile", one.memberId());
                assertThat(describe(second, "meanwhile").epoch()).isEqualTo(epoch);

                one.assigned(new Assignment(old.groupId(), old.memberId(), 0, old.from(), List.of()));
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
                assertThat(describe(second, "calls").members()).hasSize(2);
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
            produce(first, added, 1, "early");
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
        await().until(() -> describe(second, "again").members().isEmpty());
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

        assertThat(describe(second, "again").members())
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
        await().until(() -> describe(second, "delete").members().isEmpty());
        groups.delete(Caller.ANYONE, "delete");
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> describe(second, "delete"))
                .matches(refusal -> refusal.error() == HubError.UNKNOWN_GROUP);
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
            members.forEach(TestGroups::releaseRevoked);
            return members.stream()
                    .allMatch(member -> member.assignment().partitions().size() == 2);
        });
        assertThat(members.stream()
                        .flatMap(member -> partitions(member).stream())
                        .collect(Collectors.toSet()))
                .hasSize(100);
        members.forEach(Membership::close);
    }

    private static List<TopicPartition> names(Assignment assignment) {
        return assignment.partitions().stream().map(Owned::name).toList();
    }

    private static List<Integer> partitions(Membership member) {
        return member.assignment().partitions().stream()
                .map(owned -> owned.name().partition())
                .toList();
    }

    /** Passes less than the nodes' lease, and has it renewed. */
    private static void pass(DatabaseTime time, Duration duration) throws Exception {
        time.advance(duration);
        first.runLoop("node-lease");
        second.runLoop("node-lease");
    }
}
