package io.millrace.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.TopicPartition;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every assignor does, whatever the group looks like. */
abstract class AssignorContract {

    final Assignor assignor;

    AssignorContract(AssignorName name) {
        assignor = name.assignor();
    }

    @Test
    void everyPartitionWithSubscribersGoesToOneOfThem() {
        forRandomGroups(group -> {
            Map<TopicPartition, String> assignment = group.assign(assignor);

            assertThat(assignment).containsOnlyKeys(group.assignable());
            assertThat(assignment).allSatisfy((partition, member) -> assertThat(group.subscribes(member, partition))
                    .isTrue());
        });
    }

    @Test
    void equalArgumentsGiveEqualResultsWhateverTheirOrderInMemory() {
        forRandomGroups(group -> {
            SortedMap<String, Set<String>> subscriptions = new TreeMap<>();
            group.subscriptions().forEach((member, topics) -> subscriptions.put(member, backwards(topics)));
            Map<TopicPartition, String> owners = new LinkedHashMap<>();
            group.owners().keySet().stream()
                    .sorted(Comparator.reverseOrder())
                    .forEach(partition -> owners.put(partition, group.owners().get(partition)));

            assertThat(assignor.assign(subscriptions, group.partitionCounts(), owners))
                    .isEqualTo(group.assign(assignor));
        });
    }

    private static Set<String> backwards(Set<String> topics) {
        return new LinkedHashSet<>(
                topics.stream().sorted(Comparator.reverseOrder()).toList());
    }

    @Test
    void ownersThatAreGoneAreIgnored() {
        Group group = Group.equal(2, new TreeMap<>(Map.of("orders", 2)));
        Map<TopicPartition, String> gone = Map.of(
                new TopicPartition("orders", 0), "left",
                new TopicPartition("orders", 2), "m0000",
                new TopicPartition("deleted", 0), "m0000");

        assertThat(group.ownedBy(gone).assign(assignor))
                .isEqualTo(group.assign(assignor))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        new TopicPartition("orders", 0), "m0000",
                        new TopicPartition("orders", 1), "m0001"));
    }

    @Test
    void anOwnerThatNoLongerSubscribesLosesThePartition() {
        Group group = new Group(
                new TreeMap<>(Map.of("a", Set.of("payments"), "b", Set.of("orders"))),
                new TreeMap<>(Map.of("orders", 1, "payments", 1)),
                Map.of(new TopicPartition("orders", 0), "a"));

        assertThat(group.assign(assignor))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        new TopicPartition("orders", 0), "b",
                        new TopicPartition("payments", 0), "a"));
    }

    @Test
    void aGroupWithoutMembersOrTopicsHasNothing() {
        assertThat(Group.equal(0, new TreeMap<>(Map.of("orders", 2))).assign(assignor))
                .isEmpty();
        assertThat(Group.equal(2, new TreeMap<>()).assign(assignor)).isEmpty();
    }

    /** Two thousand groups, the same in each run. A failure names the seed of the group, and shows it. */
    static void forRandomGroups(Consumer<Group> check) {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Group group = seed % 2 == 0 ? Group.random(random, 12, 40) : Group.randomEqual(random, 12, 40);
            check(seed, group, check);
        }
    }

    static void check(long seed, Group group, Consumer<Group> check) {
        try {
            check.accept(group);
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed + ": " + group, failure);
        }
    }
}
