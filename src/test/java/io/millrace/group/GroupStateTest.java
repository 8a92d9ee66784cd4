package io.millrace.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.assignor.AssignorName;
import io.millrace.event.StartPosition;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes groups at random, transaction by transaction, and keeps in between what the rows would. */
class GroupStateTest {

    private static final int CASES = 300;
    private static final int STEPS = 60;

    private List<Member> members = List.of();
    private List<GroupOffset> offsets = List.of();
    private long epoch;
    private int names;

    @ParameterizedTest
    @EnumSource(AssignorName.class)
    void aPartitionChangesHandsOnlyWhenItsOwnerHasReleasedItOrIsGone(AssignorName assignor) {
        for (int seed = 0; seed < CASES; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            members = List.of();
            offsets = List.of();
            epoch = 0;
            List<Topic> topics = topics(1 + random.nextInt(3), random);
            for (int step = 0; step < STEPS; step++) {
                step(assignor, topics, random, "seed " + seed + ", step " + step);
            }
            settle(assignor, topics, "seed " + seed);
        }
    }

    private void step(AssignorName assignor, List<Topic> topics, RandomGenerator random, String where) {
        GroupState state = read(assignor);
        Set<String> releasing = new HashSet<>();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            String someone = members.isEmpty()
                    ? "nobody"
                    : members.get(random.nextInt(members.size())).id();
            switch (random.nextInt(6)) {
                case 0, 1 -> state.join(request(assignor, topics, random), "m" + names++, "node", 1000, 1000);
                case 2 -> {
                    releasing.add(someone);
                    state.leave(someone);
                }
                case 3 -> {
                    releasing.add(someone);
                    state.release(someone, _ -> true);
                }
                case 4 ->
                    state.reset(
                            offsets.isEmpty()
                                    ? Map.of()
                                    : Map.of(offsets.getFirst().partitionId(), 7L));
                default -> {
                    releasing.add(someone);
                    state.disconnect(someone);
                }
            }
        }
        write(state, topics, releasing, where);
    }

    /** All members release what they are asked for, until nothing moves. */
    private void settle(AssignorName assignor, List<Topic> topics, String where) {
        for (int round = 0; round < 10; round++) {
            GroupState state = read(assignor);
            Set<String> releasing = members.stream().map(Member::id).collect(Collectors.toSet());
            releasing.forEach(member -> state.release(member, _ -> true));
            write(state, topics, releasing, where);
        }
        assertThat(offsets).as(where).noneMatch(offset -> offset.revokeEpoch() != null);
        GroupState quiet = read(assignor);
        long before = epoch;
        write(quiet, topics, Set.of(), where);
        assertThat(epoch).as(where + ": a settled group does not change").isEqualTo(before);
        for (GroupOffset offset : offsets) {
            boolean wanted = members.stream()
                    .anyMatch(member -> member.topics().contains(offset.name().topic()));
            assertThat(offset.owner() != null).as(where + " " + offset).isEqualTo(wanted);
        }
    }

    private GroupState read(AssignorName assignor) {
        return new GroupState(1, assignor, epoch, 0, members, offsets);
    }

    /** Keeps what would be written, and checks that it may follow what was there before. */
    private void write(GroupState state, List<Topic> topics, Set<String> releasing, String where) {
        new Reassignment(state, new Reassignment.TopicSnapshot(1, topics), GroupStateTest::starts).run();
        Set<String> there = state.members().stream().map(Member::id).collect(Collectors.toSet());
        Map<Integer, GroupOffset> before =
                offsets.stream().collect(Collectors.toMap(GroupOffset::partitionId, offset -> offset));
        Map<String, String> successors = successors(state);
        for (GroupOffset after : state.offsets()) {
            GroupOffset was = before.get(after.partitionId());
            String owner = after.owner();
            assertThat(owner == null || there.contains(owner)).as(where).isTrue();
            if (was == null || Objects.equals(was.owner(), owner)) {
                continue;
            }
            String previous = was.owner();
            if (previous != null) {
                boolean allowed = !there.contains(previous)
                        || (was.revokeEpoch() != null && releasing.contains(previous))
                        || Objects.equals(successors.get(previous), owner);
                assertThat(allowed).as(where + ": " + was + " became " + after).isTrue();
            }
            if (owner != null) {
                assertThat(after.ownerEpoch()).as(where).isGreaterThan(was.ownerEpoch());
                // Only what a static member takes over may have to move on at once.
                assertThat(after.revokeEpoch() == null || successors.containsValue(owner))
                        .as(where)
                        .isTrue();
            }
        }
        assertThat(state.epoch()).as(where).isBetween(epoch, epoch + 1);
        members = new ArrayList<>(state.members());
        offsets = new ArrayList<>(state.offsets());
        epoch = state.epoch();
    }

    /** Static members that replaced others, by the replaced member. */
    private Map<String, String> successors(GroupState state) {
        Map<String, String> successors = new HashMap<>();
        for (Member before : members) {
            for (Member after : state.members()) {
                if (before.instanceId() != null && before.instanceId().equals(after.instanceId())) {
                    successors.put(before.id(), after.id());
                }
            }
        }
        return successors;
    }

    private JoinRequest request(AssignorName assignor, List<Topic> topics, RandomGenerator random) {
        List<String> some = topics.stream()
                .map(Topic::name)
                .filter(_ -> random.nextBoolean())
                .toList();
        return new JoinRequest(
                "g",
                MemberProtocol.WEBSOCKET,
                some.isEmpty() ? List.of(topics.getFirst().name()) : some,
                new StartPosition.Latest(),
                random.nextInt(3) == 0 ? "i" + random.nextInt(3) : null,
                null,
                assignor);
    }

    private static List<Topic> topics(int count, RandomGenerator random) {
        List<Topic> topics = new ArrayList<>();
        int id = 0;
        for (int i = 0; i < count; i++) {
            int partitions = 1 + random.nextInt(6);
            List<Integer> ids = IntStream.range(id, id + partitions).boxed().toList();
            id += partitions;
            topics.add(new Topic(i, "t" + i, ids, TopicConfig.DEFAULTS, Instant.EPOCH, 0));
        }
        return topics;
    }

    private static Map<Integer, Long> starts(Collection<Integer> partitionIds, StartPosition from) {
        return partitionIds.stream().collect(Collectors.toMap(id -> id, _ -> 0L));
    }
}
