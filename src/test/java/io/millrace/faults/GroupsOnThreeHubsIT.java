package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.ClientSettings;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.verify.check.GroupCheck;
import io.millrace.verify.check.LogCheck;
import io.millrace.verify.group.GroupMember;
import io.millrace.verify.group.RestMember;
import io.millrace.verify.group.SseMember;
import io.millrace.verify.group.WsMember;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.GroupHistory;
import io.millrace.verify.history.History;
import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Position;
import io.millrace.verify.load.Hubs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group whose members, of every protocol, come and go while the flights of the examples arrive, on three hubs behind
 * a balancer, of which one is killed, one is frozen for longer than its lease, and all are restarted in turn.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class GroupsOnThreeHubsIT {

    private enum Protocol {
        WEBSOCKET,
        SSE,
        REST
    }

    private static final Logger log = LoggerFactory.getLogger(GroupsOnThreeHubsIT.class);

    private static final String TOPIC = "flights";
    private static final String GROUP = "readers";
    private static final int PARTITIONS = 6;
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** For detecting the end of a lease, and for the reassignment. */
    private static final Duration CHANGE = Duration.ofSeconds(1);

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration ENDLESS_PATIENCE = Duration.ofMinutes(2);
    private static final Duration REST_OF_PRODUCERS = Duration.ofMillis(40);

    private final TestDatabase database = TestPostgres.newDatabase();
    private final GroupHistory history = new GroupHistory(new History());
    private final Map<GroupMember, Protocol> members = new LinkedHashMap<>();

    /** The entrances of connections; members without one have none. */
    private final Map<GroupMember, Balancer.Entrance> streams = new HashMap<>();

    private final List<HubProcess> hubs = new ArrayList<>();

    /** The entrances of members without a connection, which use all hubs. */
    private final List<Balancer.Entrance> detachedCalls = new ArrayList<>();

    private Balancer balancer;
    private int joined;

    @BeforeEach
    void start() throws Exception {
        for (String name : List.of("groups-1", "groups-2", "groups-3")) {
            hubs.add(HubProcess.onDatabase(name, database, 256, "millrace.cluster.lease=3s"));
        }
        hubs.forEach(HubProcess::awaitReady);
        balancer = new Balancer(hubs.toArray(HubProcess[]::new));
    }

    @AfterEach
    void stop() throws Exception {
        members.keySet().forEach(GroupMember::abandon);
        balancer.close();
        for (HubProcess hub : hubs) {
            hub.close();
        }
    }

    @Test
    void noRecordIsLostAndNoPartitionHasTwoOwners() throws Exception {
        new HubCalls(hubs.getFirst()).createTopic(TOPIC, PARTITIONS);
        Producers producers = Producers.start(
                FlightLoad.among(2), TOPIC, PATIENCE, REST_OF_PRODUCERS, hubs.toArray(HubProcess[]::new));
        try (producers;
                CommittedOffsets offsets = CommittedOffsets.watch(database, GROUP, history)) {
            membersComeAndGo();
            oneHubIsKilled(hubs.get(0));
            oneHubIsFrozen(hubs.get(1), offsets);
            allHubsAreRestartedInTurn();

            producers.close();
            await().atMost(DEADLINE).until(offsets::atTheEnd);
            assertThat(detachedCalls).allMatch(calls -> calls.connections().size() == hubs.size());
            for (GroupMember member : members.keySet()) {
                assertThat(member.leave()).as("%s has left", member.session()).isTrue();
            }
        }
        List<Logged> drained = new HubCalls(hubs.getFirst()).drain(TOPIC, PARTITIONS, producers.history());
        report(drained);
        assertThat(producers.recordsStored()).isEqualTo(FlightLoad.FLIGHTS);
        assertThat(LogCheck.of(producers.history().requests(), drained).first()).isEmpty();
        assertThat(GroupCheck.of(history.events(), drained, GroupCheck.Faults.RECORDED)
                        .first())
                .isEmpty();
    }

    private void membersComeAndGo() throws Exception {
        join(Protocol.WEBSOCKET);
        join(Protocol.SSE);
        join(Protocol.REST);
        awaitAllOwned();
        awaitProcessing();
        for (Protocol protocol : Protocol.values()) {
            join(protocol);
        }
        awaitAllOwned();
        for (Protocol protocol : Protocol.values()) {
            leave(protocol);
            join(protocol);
        }
        awaitAllOwned();
        awaitProcessing();
    }

    private void oneHubIsKilled(HubProcess victim) throws Exception {
        for (Protocol protocol : List.of(Protocol.WEBSOCKET, Protocol.SSE)) {
            leave(protocol);
            join(protocol, victim);
        }
        awaitAllOwned();
        Set<Integer> orphaned = partitions(servedBy(victim));
        assertThat(servedBy(victim)).extracting(members::get).contains(Protocol.WEBSOCKET, Protocol.SSE);
        Map<GroupMember, String> detached = sessions(Protocol.REST);
        Map<Integer, Long> epochs = epochs();
        victim.kill();
        long killed = System.nanoTime();
        Duration took = awaitNewOwners(killed, orphaned, epochs);
        log.info("a hub killed: all of {} have new owners after {} ms", orphaned, took.toMillis());
        assertThat(took).isLessThan(LEASE.plus(CHANGE));
        awaitAllOwned();
        awaitProcessing();
        victim.restart();
        victim.awaitReady();
        assertContinued(detached, killed);
    }

    /** Members without a connection are not affected, except for calls that must be repeated. */
    private void assertContinued(Map<GroupMember, String> detached, long since) {
        assertThat(sessions(Protocol.REST)).isEqualTo(detached);
        assertThat(history.since(since, GroupEvent.Failed.class))
                .filteredOn(failed -> detached.containsValue(failed.session()))
                .allMatch(GroupEvent.Failed::retryable);
        assertThat(history.since(since, GroupEvent.Processed.class))
                .extracting(GroupEvent.Processed::session)
                .containsAll(detached.values());
    }

    private void oneHubIsFrozen(HubProcess victim, CommittedOffsets offsets) throws Exception {
        List<GroupMember> witnesses = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            leave(protocol);
            witnesses.add(joinAsWitness(protocol, victim));
        }
        awaitAllOwned();
        witnesses.forEach(witness -> history.add(at -> new GroupEvent.Disturbed(at, witness.session())));
        pauseWithSomethingToCommit(witnesses);
        List<GroupMember> served = servedBy(victim);
        witnesses.stream().filter(witness -> !served.contains(witness)).forEach(served::add);
        Set<Integer> orphaned = partitions(served);
        Set<String> sessions = served.stream().map(GroupMember::session).collect(Collectors.toSet());
        Set<String> late = witnesses.stream().map(GroupMember::session).collect(Collectors.toSet());
        Map<Integer, Long> epochs = epochs();
        long frozen;
        try (HubProcess.Frozen _ = victim.freeze()) {
            frozen = System.nanoTime();
            Map<Integer, Long> ends = offsets.ends();
            history.add(at -> new GroupEvent.Frozen(at, sessions, ends));
            witnesses.forEach(GroupMember::resume);
            Duration took = awaitNewOwners(frozen, orphaned, epochs);
            log.info("a hub frozen: all of {} have new owners after {} ms", orphaned, took.toMillis());
            Duration left = LEASE.multipliedBy(2).minusNanos(System.nanoTime() - frozen);
            await().pollDelay(left.isNegative() ? Duration.ZERO : left)
                    .atMost(DEADLINE)
                    .until(() -> true);
        }
        long thawed = System.nanoTime();
        for (String session : late) {
            await().atMost(DEADLINE).until(() -> !lateCommits(session, frozen).isEmpty());
            List<GroupEvent.Commit> commits = lateCommits(session, frozen);
            log.info("it continues: {} late commits of {} were answered, {}", commits.size(), session, codes(commits));
            assertThat(commits).allSatisfy(commit -> {
                assertThat(commit.at()).isGreaterThan(thawed - CHANGE.toNanos());
                assertThat(commit.refusal()).isIn(GroupCheck.FENCED);
            });
        }
        awaitAllOwned();
        awaitProcessing();
        for (Protocol protocol : Protocol.values()) {
            leave(witnesses.get(protocol.ordinal()));
            join(protocol);
        }
        awaitAllOwned();
    }

    private void pauseWithSomethingToCommit(List<GroupMember> some) {
        some.forEach(GroupMember::pause);
        await().atMost(DEADLINE)
                .until(() -> some.stream().allMatch(member -> member.hasStopped() && hasSomethingToProcess(member)));
    }

    private boolean hasSomethingToProcess(GroupMember member) {
        Set<Position> received = history.all(GroupEvent.Delivered.class).stream()
                .filter(record -> record.session().equals(member.session()))
                .filter(record -> member.partitions().contains(record.partition()))
                .map(record -> new Position(record.partition(), record.offset()))
                .collect(Collectors.toSet());
        history.all(GroupEvent.Processed.class).stream()
                .filter(record -> record.session().equals(member.session()))
                .forEach(record -> received.remove(new Position(record.partition(), record.offset())));
        return !received.isEmpty();
    }

    private List<GroupEvent.Commit> lateCommits(String session, long sentSince) {
        return history.since(sentSince, GroupEvent.Commit.class).stream()
                .filter(commit -> commit.session().equals(session) && commit.sent() >= sentSince)
                // After that it owns partitions again.
                .filter(commit -> history.since(sentSince, GroupEvent.Assigned.class).stream()
                        .noneMatch(assigned -> assigned.session().equals(session) && assigned.at() < commit.sent()))
                .toList();
    }

    private void allHubsAreRestartedInTurn() throws Exception {
        long began = System.nanoTime();
        Map<GroupMember, String> detached = sessions(Protocol.REST);
        for (HubProcess hub : hubs) {
            leave(Protocol.SSE);
            GroupMember slow = join(Protocol.SSE, hub);
            awaitAllOwned();
            pauseWithSomethingToCommit(List.of(slow));
            long asked = System.nanoTime();
            String session = slow.session();
            CompletableFuture<Duration> end = CompletableFuture.supplyAsync(hub::terminate);
            await().atMost(DEADLINE).until(() -> history.since(asked, GroupEvent.Revoked.class).stream()
                    .anyMatch(gone ->
                            gone.session().equals(session) && gone.reason().equals(GroupEvent.Revoked.DRAINING)));
            slow.resume();
            Duration took = end.join();
            hub.restart();
            awaitAllOwned();
            hub.awaitReady();
            log.info("a hub restarted: it ended in {} ms", took.toMillis());
        }
        awaitAllOwned();
        awaitProcessing();
        assertContinued(detached, began);
        assertThat(history.since(began, GroupEvent.Failed.class)).allMatch(GroupEvent.Failed::retryable);
        assertThat(history.since(began, GroupEvent.Ended.class))
                .extracting(GroupEvent.Ended::status)
                .contains(GroupEvent.Ended.GOING_AWAY)
                .isSubsetOf(GroupEvent.Ended.GOING_AWAY, 0);
    }

    private void join(Protocol protocol) {
        join(protocol, null);
    }

    /** @param first the preferred hub; null for the next one in turn */
    private GroupMember join(Protocol protocol, @Nullable HubProcess first) {
        Balancer.Entrance calls = balancer.open();
        if (protocol == Protocol.REST) {
            detachedCalls.add(calls);
        }
        return join(protocol, balancer.open(first), calls, SESSION_TIMEOUT, PATIENCE);
    }

    /** A member that sends all requests to one hub and waits for the answers. */
    private GroupMember joinAsWitness(Protocol protocol, HubProcess only) {
        return join(protocol, balancer.open(only), balancer.open(only), LEASE, ENDLESS_PATIENCE);
    }

    private GroupMember join(
            Protocol protocol,
            Balancer.Entrance stream,
            Balancer.Entrance calls,
            Duration sessionTimeout,
            Duration patience) {
        String name = protocol + "-" + ++joined;
        Hubs connected = new Hubs(List.of(stream.url()), 0, new ClientSettings(CONNECT, CONNECT, Map.of()));
        // Each call is on a connection of its own, and so goes to the next hub.
        Hubs called = new Hubs(
                List.of(calls.url()), 0, new ClientSettings(patience, patience, Map.of("Connection", "close")));
        GroupMember member =
                switch (protocol) {
                    case WEBSOCKET -> new WsMember(name, GROUP, TOPIC, connected, ENDLESS_PATIENCE, history);
                    case SSE -> new SseMember(name, GROUP, TOPIC, connected, called, history);
                    case REST -> new RestMember(name, GROUP, TOPIC, called, sessionTimeout, history);
                };
        members.put(member, protocol);
        if (protocol != Protocol.REST) {
            streams.put(member, stream);
        }
        member.start();
        return member;
    }

    /** Lets the oldest member with that protocol leave. */
    private void leave(Protocol protocol) throws InterruptedException {
        leave(members.keySet().stream()
                .filter(member -> members.get(member) == protocol)
                .findFirst()
                .orElseThrow());
    }

    private void leave(GroupMember member) throws InterruptedException {
        assertThat(member.leave()).as("%s has left", member.session()).isTrue();
        members.remove(member);
    }

    private Map<GroupMember, String> sessions(Protocol protocol) {
        return members.entrySet().stream()
                .filter(member -> member.getValue() == protocol)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, member -> member.getKey().session()));
    }

    private List<GroupMember> servedBy(HubProcess hub) {
        List<GroupMember> served = new ArrayList<>(members.keySet());
        served.removeIf(member ->
                !streams.containsKey(member) || !hub.equals(streams.get(member).hub()));
        return served;
    }

    private static Set<Integer> partitions(Iterable<GroupMember> some) {
        Set<Integer> partitions = new HashSet<>();
        some.forEach(member -> partitions.addAll(member.partitions()));
        return partitions;
    }

    /** Waits until each partition has an owner and each member has a partition. */
    private void awaitAllOwned() {
        await().atMost(DEADLINE)
                .until(() -> partitions(members.keySet()).size() == PARTITIONS
                        && members.keySet().stream()
                                .noneMatch(member -> member.partitions().isEmpty()));
    }

    private void awaitProcessing() {
        long now = System.nanoTime();
        await().atMost(DEADLINE)
                .until(() -> history.since(now, GroupEvent.Processed.class).stream()
                                .map(GroupEvent.Processed::partition)
                                .distinct()
                                .count()
                        == PARTITIONS);
    }

    /** The last observed owner epoch of each partition. */
    private Map<Integer, Long> epochs() {
        Map<Integer, Long> epochs = new HashMap<>();
        history.all(GroupEvent.Observed.class).forEach(seen -> epochs.put(seen.partition(), seen.ownerEpoch()));
        return epochs;
    }

    /** Waits until each of the partitions has a new owner; returns how long the last of them took. */
    private Duration awaitNewOwners(long since, Set<Integer> partitions, Map<Integer, Long> before) {
        Map<Integer, Long> changed = new HashMap<>();
        await().atMost(DEADLINE).until(() -> {
            history.since(since, GroupEvent.Observed.class).stream()
                    .filter(seen -> seen.ownerEpoch() > before.get(seen.partition()))
                    .forEach(seen -> changed.putIfAbsent(seen.partition(), seen.at()));
            return changed.keySet().containsAll(partitions);
        });
        long last = partitions.stream().mapToLong(changed::get).max().orElseThrow();
        return Duration.ofNanos(last - since);
    }

    private void report(List<Logged> drained) {
        List<GroupEvent.Commit> commits = history.all(GroupEvent.Commit.class);
        log.info(
                "{} records, processed {} times; {} assignments, {} commits, of them {}; errors {}",
                drained.size(),
                history.all(GroupEvent.Processed.class).size(),
                history.all(GroupEvent.Assigned.class).size(),
                commits.size(),
                codes(commits),
                history.all(GroupEvent.Failed.class).stream()
                        .collect(Collectors.groupingBy(GroupEvent.Failed::code, Collectors.counting())));
    }

    private static Map<String, Long> codes(List<GroupEvent.Commit> commits) {
        return commits.stream()
                .collect(Collectors.groupingBy(
                        commit -> commit.stored() ? "stored" : commit.refusal(), Collectors.counting()));
    }
}
