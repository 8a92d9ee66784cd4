package io.millrace.group;

import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.topic.Topic;
import io.millrace.topic.Topics;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings a group in line with its members and their topics: the assignor names a member for each partition. A free
 * partition becomes that member's at once; the owner of any other is asked to give it up. Partitions that are new to
 * the group get the offset at which it begins.
 */
final class Reassignment {

    /** Finds where a group begins in partitions for which it has no offset. */
    interface StartOffsets {

        /** The offset that a position means right now in each of these partitions, by partition id. */
        Map<Integer, Long> resolve(Collection<Integer> partitionIds, StartPosition from);
    }

    /**
     * The topics that a group's members subscribe to.
     *
     * @param version the catalogue's, read before the topics were: they are at least as new
     */
    record TopicSnapshot(long version, List<Topic> topics) {

        /** The names of the topics that a subscription matches. */
        Set<String> matching(Collection<String> subscription) {
            return topics.stream()
                    .map(Topic::name)
                    .filter(name -> subscription.stream().anyMatch(pattern -> Topics.matches(pattern, name)))
                    .collect(Collectors.toSet());
        }
    }

    private final GroupState group;
    private final TopicSnapshot topics;
    private final StartOffsets starts;
    private final SortedMap<String, Set<String>> subscriptions = new TreeMap<>();
    private final Set<String> subscribed = new HashSet<>();

    Reassignment(GroupState group, TopicSnapshot topics, StartOffsets starts) {
        this.group = group;
        this.topics = topics;
        this.starts = starts;
        for (Member member : group.members()) {
            subscriptions.put(member.id(), topics.matching(member.topics()));
            subscribed.addAll(member.topics());
        }
    }

    void run() {
        forgetDeleted();
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (Topic topic : topics.topics()) {
            counts.put(topic.name(), topic.partitionCount());
            begin(topic);
        }
        Map<TopicPartition, String> owners = new HashMap<>();
        for (GroupOffset offset : group.offsets()) {
            String owner = offset.owner();
            // A partition that is being revoked counts as free: its next owner is decided anew until it is released.
            if (owner != null && offset.revokeEpoch() == null) {
                owners.put(offset.name(), owner);
            }
        }
        Map<TopicPartition, String> target = group.assignor().assignor().assign(subscriptions, counts, owners);
        group.move(
                group.offsets().stream()
                        .filter(offset -> offset.revokeEpoch() == null)
                        .filter(offset -> !Objects.equals(offset.owner(), target.get(offset.name())))
                        .toList(),
                target);
        group.settled(topics.version());
    }

    private void forgetDeleted() {
        Set<Integer> existing = new HashSet<>();
        topics.topics().forEach(topic -> existing.addAll(topic.partitionIds()));
        Map<String, Boolean> looked = new HashMap<>();
        for (GroupOffset offset : List.copyOf(group.offsets())) {
            boolean known = looked.computeIfAbsent(offset.name().topic(), name -> subscribed.stream()
                    .anyMatch(pattern -> Topics.matches(pattern, name)));
            if (known && !existing.contains(offset.partitionId())) {
                group.forget(offset);
            }
        }
    }

    /** In partitions added to a topic that it knows, the group begins at their start, so that nothing is missed. */
    private void begin(Topic topic) {
        Set<Integer> known = new HashSet<>();
        for (GroupOffset offset : group.offsets()) {
            if (offset.name().topic().equals(topic.name())) {
                known.add(offset.partitionId());
            }
        }
        List<Integer> missing =
                topic.partitionIds().stream().filter(id -> !known.contains(id)).toList();
        StartPosition from = !known.isEmpty() || hasEarlierSubscriber(topic.name())
                ? new StartPosition.Earliest()
                : firstJoined(topic);
        if (from == null || missing.isEmpty()) {
            return;
        }
        Map<Integer, Long> resolved = starts.resolve(missing, from);
        for (int partition = 0; partition < topic.partitionCount(); partition++) {
            int id = topic.partitionIds().get(partition);
            Long nextOffset = resolved.get(id);
            if (nextOffset != null) {
                group.begin(id, new TopicPartition(topic.name(), partition), nextOffset);
            }
        }
    }

    /** Whether a member that has not just joined subscribes to the topic. */
    private boolean hasEarlierSubscriber(String topic) {
        return subscriptions.entrySet().stream()
                .anyMatch(member -> !group.joined().contains(member.getKey())
                        && member.getValue().contains(topic));
    }

    private @Nullable StartPosition firstJoined(Topic topic) {
        for (Map.Entry<String, StartPosition> member : group.joinedFrom().entrySet()) {
            if (subscriptions.getOrDefault(member.getKey(), Set.of()).contains(topic.name())) {
                return member.getValue();
            }
        }
        return null;
    }
}
