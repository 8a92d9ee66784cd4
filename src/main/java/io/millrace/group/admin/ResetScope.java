package io.millrace.group.admin;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.TopicPartition;
import io.millrace.group.GroupOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedCollection;
import java.util.SequencedSet;
import java.util.Set;

/**
 * The partitions of a group that a reset moves: all of some topics, and single ones. If none are named, all for which
 * the group has an offset. In the order of the request: errors name the place in it.
 */
public record ResetScope(SequencedSet<String> topics, SequencedSet<TopicPartition> partitions) {

    public static final ResetScope EVERYTHING = new ResetScope(List.of(), List.of());

    public ResetScope {
        topics = Collections.unmodifiableSequencedSet(topics);
        partitions = Collections.unmodifiableSequencedSet(partitions);
    }

    public ResetScope(SequencedCollection<String> topics, SequencedCollection<TopicPartition> partitions) {
        this(new LinkedHashSet<>(topics), new LinkedHashSet<>(partitions));
    }

    boolean contains(TopicPartition name) {
        return (topics.isEmpty() && partitions.isEmpty()) || topics.contains(name.topic()) || partitions.contains(name);
    }

    /**
     * @throws HubException {@link HubError#INVALID_REQUEST} for the first topic or partition for which the group has no
     *     offset
     */
    void checkKnown(Collection<GroupOffset> offsets) {
        Set<String> knownTopics = new HashSet<>();
        Set<TopicPartition> known = new HashSet<>();
        for (GroupOffset offset : offsets) {
            knownTopics.add(offset.name().topic());
            known.add(offset.name());
        }
        checkAll("topics", "topic ", topics, knownTopics);
        checkAll("partitions", "partition ", partitions, known);
    }

    private static <T> void checkAll(String field, String kind, SequencedSet<T> named, Set<T> known) {
        int index = 0;
        for (T name : named) {
            if (!known.contains(name)) {
                String detail = "the group has no offset for " + kind + name;
                throw new HubException(HubError.INVALID_REQUEST, Place.field(field, index), "no_offset", detail);
            }
            index++;
        }
    }
}
