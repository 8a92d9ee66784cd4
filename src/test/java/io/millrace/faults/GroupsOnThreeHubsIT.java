package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.event.HubError;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group whose members come and go, on three hubs behind a balancer, of which one is killed, one stands still for
 * longer than its lease, and all are restarted in turn.
 */
class GroupsOnThreeHubsIT {

    private static final Logger log = LoggerFactory.getLogger(GroupsOnThreeHubsIT.class);

    private static final String TOPIC = "shared";
    private static final String GROUP = "readers";
    private static final int PARTITIONS = 6;
    private static final Duration LEASE = Duration.ofSeconds(3);

    /** For noticing, for the change itself, and for telling. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int GOING_AWAY = 1001;

    private final TestDatabase database = TestPostgres.newDatabase();
    private final GroupHistory history = new GroupHistory();
    private final List<GroupMember> members = new ArrayList<>();
    private final List<HubProcess> hubs = new ArrayList<>();
    private Balancer balancer;
    private int joined;

    @BeforeEach
    void start() throws Exception {
        for (String name : List.of("groups-1", "groups-2", "groups-3")) {
            hubs.add(HubProcess.onDatabase(name, database, 256, "millrace.groups.lease=3s"));
        }
        hubs.forEach(HubProcess::awaitReady);
        balancer = new Balancer(hubs.toArray(HubProcess[]::new));
    }

    @AfterEach
    void stop() throws Exception {
        balancer.close();
        for (HubProcess hub : hubs) {
            hub.close();
        }
    }

    @Test
    void nothingIsLostAndNothingIsAnybodysTwice() throws Exception {
        new HubClient(hubs.getFirst()).createTopic(TOPIC, PARTITIONS);
        Producers producers = Producers.start(
                2, TOPIC, Duration.ofSeconds(2), Duration.ofMillis(40), hubs.toArray(HubProcess[]::new));
        try (producers;
                CommittedOffsets offsets = CommittedOffsets.watch(database, GROUP, history)) {
            membersComeAndGo();
            oneHubIsKilled();
            oneHubStandsStill(offsets);
            allHubsAreRestartedInTurn();

            producers.close();
            await().atMost(DEADLINE).until(offsets::atTheEnd);
            for (GroupMember member : members) {
                member.close();
            }
        }
        List<Logged> drained = new HubClient(hubs.getFirst()).drain(TOPIC, PARTITIONS);
        report(drained);
        assertThat(drained).hasSizeGreaterThan(2_000);
        assertThat(Check.violations(producers.history().requests(), drained)).isEmpty();
        assertThat(GroupCheck.violations(history.events(), drained)).isEmpty();
    }

    private void membersComeAndGo() throws Exception {
        for (int i = 0; i < 4; i++) {
            join();
        }
        awaitAllOwned();
        awaitProcessing();
        join();
        awaitAllOwned();
        members.removeFirst().close();
        join();
        awaitAllOwned();
        awaitProcessing();
        assertThat(members).allMatch(member -> !member.partitions().isEmpty());
    }

    private void oneHubIsKilled() throws Exception {
        HubProcess victim = members.getFirst().hub().orElseThrow();
        Set<Integer> orphaned = partitions(servedBy(victim));
        assertThat(orphaned).isNotEmpty();
        victim.kill();
        long killed = System.nanoTime();
        Duration took = awaitNewOwners(killed, orphaned);
        log.info("a hub killed: all of {} have new owners after {} ms", orphaned, took.toMillis());
        awaitProcessing();
        victim.startAgain();
        victim.awaitReady();
    }

    private void oneHubStandsStill(CommittedOffsets offsets) throws Exception {
        GroupMember witness = members.getLast();
        awaitAllOwned();
        HubProcess still = witness.hub().orElseThrow();
        String session = witness.session();
        // So that there is something left to commit while the hub stands still.
        witness.pause();
        long paused = System.nanoTime();
        await().atMost(DEADLINE).until(() -> history.since(paused, GroupEvent.Delivered.class).stream()
                .anyMatch(record -> record.session().equals(session)));
        List<GroupMember> served = servedBy(still);
        Set<Integer> orphaned = partitions(served);
        Set<String> sessions = served.stream().map(GroupMember::session).collect(Collectors.toSet());
        long frozen;
        try (HubProcess.Frozen _ = still.freeze()) {
            frozen = System.nanoTime();
            Map<Integer, Long> ends = offsets.ends();
            history.add(at -> new GroupEvent.Frozen(at, sessions, ends));
            witness.resume();
            Duration took = awaitNewOwners(frozen, orphaned);
            log.info("a hub stands still: all of {} have new owners after {} ms", orphaned, took.toMillis());
            Duration left = LEASE.multipliedBy(2).minusNanos(System.nanoTime() - frozen);
            await().pollDelay(left.isNegative() ? Duration.ZERO : left)
                    .atMost(DEADLINE)
                    .until(() -> true);
        }
        long thawed = System.nanoTime();
        List<GroupEvent.Commit> late = awaitAnswers(session, frozen);
        log.info("it goes on: {} late commits were answered, {}", late.size(), codes(late));
        assertThat(late).isNotEmpty().allSatisfy(commit -> {
            assertThat(commit.at()).isGreaterThan(thawed - SLACK.toNanos());
            assertThat(commit.refusal()).isIn(GroupCheck.FENCED);
        });
        awaitAllOwned();
        awaitProcessing();
    }

    /** What was sent while the hub stood still is answered, or the connection has ended. */
    private List<GroupEvent.Commit> awaitAnswers(String session, long frozen) {
        await().atMost(DEADLINE)
                .until(() -> !commits(session, frozen).isEmpty()
                        || history.since(frozen, GroupEvent.Ended.class).stream()
                                .anyMatch(ended -> ended.session().equals(session)));
        return commits(session, frozen);
    }

    private List<GroupEvent.Commit> commits(String session, long sentSince) {
        return history.since(sentSince, GroupEvent.Commit.class).stream()
                .filter(commit -> commit.session().equals(session) && commit.sent() >= sentSince)
                // Behind that it has partitions again.
                .filter(commit -> history.since(sentSince, GroupEvent.Assigned.class).stream()
                        .noneMatch(assigned -> assigned.session().equals(session) && assigned.at() < commit.sent()))
                .toList();
    }

    private void allHubsAreRestartedInTurn() throws Exception {
        long began = System.nanoTime();
        for (HubProcess hub : hubs) {
            Duration took = hub.terminate();
            hub.startAgain();
            awaitAllOwned();
            hub.awaitReady();
            log.info("a hub restarted: it ended in {} ms", took.toMillis());
        }
        assertThat(history.since(began, GroupEvent.Failed.class)).allSatisfy(failed -> assertThat(
                        HubError.valueOf(failed.code().toUpperCase(Locale.ROOT)).retryable())
                .as("%s", failed)
                .isTrue());
        assertThat(history.since(began, GroupEvent.Ended.class))
                .isNotEmpty()
                .extracting(GroupEvent.Ended::status)
                .isSubsetOf(GOING_AWAY, 0);
        awaitProcessing();
    }

    private void join() {
        members.add(WsMember.start("m" + ++joined, GROUP, TOPIC, balancer, history));
    }

    private List<GroupMember> servedBy(HubProcess hub) {
        return members.stream()
                .filter(member -> member.hub().filter(hub::equals).isPresent())
                .toList();
    }

    private static Set<Integer> partitions(List<GroupMember> some) {
        Set<Integer> partitions = new HashSet<>();
        some.forEach(member -> partitions.addAll(member.partitions()));
        return partitions;
    }

    /** Waits until somebody has each partition, and nobody has none. */
    private void awaitAllOwned() {
        await().atMost(DEADLINE)
                .until(() -> partitions(members).size() == PARTITIONS
                        && members.stream()
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

    /** Waits until each of the partitions was assigned since, and tells how long the last of them took. */
    private Duration awaitNewOwners(long since, Set<Integer> partitions) {
        await().atMost(DEADLINE).until(() -> partitions.stream()
                .allMatch(partition -> history.since(since, GroupEvent.Assigned.class).stream()
                        .anyMatch(assigned -> assigned.nextOffsets().containsKey(partition))));
        long last = partitions.stream()
                .mapToLong(partition -> history.since(since, GroupEvent.Assigned.class).stream()
                        .filter(assigned -> assigned.nextOffsets().containsKey(partition))
                        .findFirst()
                        .orElseThrow()
                        .at())
                .max()
                .orElse(since);
        Duration took = Duration.ofNanos(last - since);
        assertThat(took).isLessThan(LEASE.plus(SLACK));
        return took;
    }

    private void report(List<Logged> drained) {
        long processed = history.all(GroupEvent.Processed.class).size();
        List<GroupEvent.Commit> commits = history.all(GroupEvent.Commit.class);
        log.info(
                "{} records, processed {} times; {} assignments, {} commits, of them {}; errors {}",
                drained.size(),
                processed,
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
