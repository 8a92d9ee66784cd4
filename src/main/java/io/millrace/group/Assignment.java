package io.millrace.group;

import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import java.util.List;
import java.util.Optional;

/**
 * What a member owns.
 *
 * @param groupId the group's number in its rows
 * @param epoch rises whenever the assignment changes
 * @param from of the member's {@link JoinRequest}
 * @param partitions in the order of topic and number, with those that the member was asked to give up but still owns
 */
public record Assignment(int groupId, String memberId, long epoch, StartPosition from, List<Owned> partitions) {

    public Assignment {
        partitions = List.copyOf(partitions);
    }

    /** The partition as the member owns it; empty if it does not. */
    public Optional<Owned> find(TopicPartition name) {
        return partitions.stream().filter(owned -> owned.name().equals(name)).findFirst();
    }
}
