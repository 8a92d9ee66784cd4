package io.millrace.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StickyAssignorTest extends AssignorContract {

    StickyAssignorTest() {
        super(AssignorName.STICKY);
    }

    @Test
    void noPartitionCouldGoToAMemberThatHasTwoFewer() {
        forRandomGroups(group -> assertThat(group.isBalanced(group.assign(assignor)))
                .as("%s", group.assign(assignor))
                .isTrue());
    }

    @Test
    void theLoadsOfMembersWithEqualSubscriptionsDifferByAtMostOne() {
        forRandomGroups(group -> {
            Map<Set<String>, List<Integer>> loads = new HashMap<>();
            group.loads(group.assign(assignor)).forEach((member, load) -> loads.computeIfAbsent(
                            group.subscriptions().get(member), _ -> new ArrayList<>())
                    .add(load));

            assertThat(loads.values()).allSatisfy(peers -> assertThat(Collections.max(peers) - Collections.min(peers))
                    .isLessThan(2));
        });
    }

    @Test
    void topicsAreBalancedInTotal() {
        assertThat(Group.equal(3, new TreeMap<>(Map.of("orders", 1, "payments", 1, "refunds", 1)))
                        .assign(assignor))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        new TopicPartition("orders", 0), "m0000",
                        new TopicPartition("payments", 0), "m0001",
                        new TopicPartition("refunds", 0), "m0002"));
    }

    @Test
    void partitionsThatOnlyOneMemberMayHaveMoveOthersAway() {
        Group group = new Group(
                new TreeMap<>(Map.of("a", Set.of("orders", "payments"), "b", Set.of("orders"))),
                new TreeMap<>(Map.of("orders", 2, "payments", 2)),
                Map.of(new TopicPartition("orders", 0), "a", new TopicPartition("orders", 1), "a"));

        assertThat(group.assign(assignor))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        new TopicPartition("orders", 0), "b",
                        new TopicPartition("orders", 1), "b",
                        new TopicPartition("payments", 0), "a",
                        new TopicPartition("payments", 1), "a"));
    }

    @Test
    void itsOwnAssignmentComesBackUnchanged() {
        forRandomGroups(group -> {
            Map<TopicPartition, String> assignment = group.assign(assignor);

            assertThat(group.ownedBy(assignment).assign(assignor)).isEqualTo(assignment);
        });
    }

    @Test
    void everyBalancedAssignmentComesBackUnchanged() {
        forSmallGroups(group -> balancedAssignments(group)
                .forEach(assignment ->
                        assertThat(group.ownedBy(assignment).assign(assignor)).isEqualTo(assignment)));
    }

    @Test
    void noBalancedAssignmentKeepsMoreIfSubscriptionsAreEqual() {
        forSmallEqualGroups(
                group -> assertThat(group.kept(group.assign(assignor))).isEqualTo(mostKept(group)));
    }

    @Test
    void hardlyAnyBalancedAssignmentKeepsMoreIfSubscriptionsDiffer() {
        int[] keptAndMost = new int[2];
        forSmallGroups(group -> {
            keptAndMost[0] += group.kept(group.assign(assignor));
            keptAndMost[1] += mostKept(group);
        });

        assertThat(keptAndMost[1]).isGreaterThan(1_000);
        assertThat(keptAndMost[0]).isGreaterThan(keptAndMost[1] * 98 / 100);
    }

    /**
     * In larger groups too: a member can keep the average load, rounded down, and as many members as the remainder one
     * more.
     */
    @Test
    void asManyAreKeptAsTheLoadsAllow() {
        for (int seed = 0; seed < 2_000; seed++) {
            check(seed, Group.randomEqual(new Random(seed), 50, 500), group -> {
                int members = group.subscriptions().size();
                int floor = group.assignable().size() / members;
                Map<TopicPartition, String> owned = new HashMap<>(group.owners());
                owned.keySet().retainAll(group.assignable());
                owned.values().retainAll(group.subscriptions().keySet());
                List<Integer> loads = List.copyOf(group.loads(owned).values());
                int kept =
                        loads.stream().mapToInt(load -> Math.min(load, floor)).sum();
                long one = loads.stream().filter(load -> load > floor).count();

                assertThat(group.kept(group.assign(assignor)))
                        .isEqualTo(kept + (int) Math.min(one, group.assignable().size() % members));
            });
        }
    }

    @Test
    void aNewMemberTakesItsShareAndNothingElseMoves() {
        forBalancedEqualGroups(before -> {
            Group after = before.with("new", before.partitionCounts().keySet());
            Map<TopicPartition, String> assignment = after.assign(assignor);

            int share = after.assignable().size() / after.subscriptions().size();
            assertThat(after.loads(assignment)).containsEntry("new", share);
            assertThat(after.kept(assignment)).isEqualTo(after.assignable().size() - share);
        });
    }

    @Test
    void onlyThePartitionsOfALeavingMemberMove() {
        forBalancedEqualGroups(before -> {
            String leaving = before.subscriptions().firstKey();
            Group after = before.with("other", before.partitionCounts().keySet());
            Group balanced = after.ownedBy(after.assign(assignor));
            Map<TopicPartition, String> assignment = balanced.without(leaving).assign(assignor);

            balanced.owners().forEach((partition, owner) -> {
                if (!owner.equals(leaving)) {
                    assertThat(assignment).containsEntry(partition, owner);
                }
            });
        });
    }

    @Test
    void oneMoreAmongAThousandMembersMovesOnePartition() {
        Group alone = Group.equal(1_000, new TreeMap<>(Map.of("orders", 1_001)));
        Group before = alone.ownedBy(alone.assign(assignor));
        Group after = before.with("new", Set.of("orders"));

        Map<TopicPartition, String> assignment = after.assign(assignor);

        assertThat(after.kept(assignment)).isEqualTo(1_000);
        assertThat(after.loads(assignment).values()).containsOnly(1);
    }

    @Test
    void aNewMemberGetsPartitionsOfSeveralTopics() {
        SortedMap<String, Integer> counts = topics(10, 100);
        Group alone = Group.equal(100, counts);
        Group after = alone.ownedBy(alone.assign(assignor)).with("new", counts.keySet());

        Set<String> topics = after.assign(assignor).entrySet().stream()
                .filter(owned -> owned.getValue().equals("new"))
                .map(owned -> owned.getKey().topic())
                .collect(Collectors.toSet());

        assertThat(topics).hasSizeGreaterThan(3);
    }

    /** The bounds leave room for a busy machine, but none for looking at all members and partitions at each move. */
    @Test
    void largeGroupsAreQuick() {
        Group equal = Group.equal(1_000, new TreeMap<>(Map.of("orders", 1_000)));
        Group ten = withSubscriptions(10, 1_000, topics(100, 100));
        Group manySubscriptions = withSubscriptions(300, 300, topics(3_000, 1));

        assertThat(timeOf(equal)).isLessThan(Duration.ofMillis(100));
        assertThat(timeOf(ownedByOne(equal))).isLessThan(Duration.ofMillis(100));
        assertThat(timeOf(ten)).isLessThan(Duration.ofMillis(400));
        assertThat(timeOf(ownedByOne(ten))).isLessThan(Duration.ofMillis(400));
        assertThat(timeOf(ownedByOne(manySubscriptions))).isLessThan(Duration.ofSeconds(2));
    }

    private static SortedMap<String, Integer> topics(int count, int partitions) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        IntStream.range(0, count).forEach(i -> counts.put("t%04d".formatted(i), partitions));
        return counts;
    }

    /** This many different subscriptions, each to about half of the topics, except that the first is to all. */
    private static Group withSubscriptions(int subscriptions, int members, SortedMap<String, Integer> counts) {
        Random random = new Random(7);
        List<Set<String>> different = new ArrayList<>();
        for (int i = 0; i < subscriptions; i++) {
            Set<String> topics = new HashSet<>(counts.keySet());
            topics.removeIf(_ -> !different.isEmpty() && random.nextBoolean());
            different.add(topics);
        }
        SortedMap<String, Set<String>> all = new TreeMap<>();
        IntStream.range(0, members).forEach(i -> all.put("m%04d".formatted(i), different.get(i % subscriptions)));
        return new Group(all, counts, Map.of());
    }

    private static Group ownedByOne(Group group) {
        String first = group.subscriptions().firstKey();
        return group.ownedBy(group.assignable().stream().collect(Collectors.toMap(partition -> partition, _ -> first)));
    }

    private Duration timeOf(Group group) {
        long nanos = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            group.assign(assignor);
            nanos = Math.min(nanos, System.nanoTime() - start);
        }
        return Duration.ofNanos(nanos);
    }

    private void forBalancedEqualGroups(Consumer<Group> check) {
        for (int seed = 0; seed < 2_000; seed++) {
            Group group = Group.randomEqual(new Random(seed), 50, 500);
            check(seed, group.ownedBy(group.assign(assignor)), check);
        }
    }

    private static void forSmallGroups(Consumer<Group> check) {
        for (int seed = 0; seed < 2_000; seed++) {
            check(seed, Group.random(new Random(seed), 4, 6), check);
        }
    }

    private static void forSmallEqualGroups(Consumer<Group> check) {
        for (int seed = 0; seed < 1_000; seed++) {
            check(seed, Group.randomEqual(new Random(seed), 4, 6), check);
        }
    }

    private static int mostKept(Group group) {
        return balancedAssignments(group).stream().mapToInt(group::kept).max().orElseThrow();
    }

    /** All balanced assignments, found by trying all assignments. */
    private static List<Map<TopicPartition, String>> balancedAssignments(Group group) {
        List<Map<TopicPartition, String>> assignments = List.of(Map.of());
        for (TopicPartition partition : group.assignable()) {
            List<Map<TopicPartition, String>> longer = new ArrayList<>();
            for (Map<TopicPartition, String> assignment : assignments) {
                for (String member : group.subscriptions().keySet()) {
                    if (group.subscribes(member, partition)) {
                        Map<TopicPartition, String> next = new HashMap<>(assignment);
                        next.put(partition, member);
                        longer.add(next);
                    }
                }
            }
            assignments = longer;
        }
        return assignments.stream().filter(group::isBalanced).toList();
    }
}
