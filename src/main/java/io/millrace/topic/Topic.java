package io.millrace.topic;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.time.Instant;
import java.util.List;

/**
 * A topic as it was when it was read from the database.
 *
 * @param id never reused, so that a topic is not mistaken for an earlier one of the same name
 * @param partitionIds the ids in the log of partitions 0, 1, 2, …; new ones are added at the end
 * @param version raised with every change of the configuration or the number of partitions
 */
public record Topic(
        int id, String name, List<Integer> partitionIds, TopicConfig config, Instant createdAt, int version) {

    public Topic {
        partitionIds = List.copyOf(partitionIds);
    }

    public int partitionCount() {
        return partitionIds.size();
    }

    /**
     * The id in the log of one partition.
     *
     * @throws HubException {@link HubError#UNKNOWN_PARTITION}
     */
    public int partitionId(int partition) {
        if (partition < 0 || partition >= partitionIds.size()) {
            throw new HubException(
                    HubError.UNKNOWN_PARTITION,
                    "topic " + name + " has partitions 0 to " + (partitionIds.size() - 1) + ", not " + partition);
        }
        return partitionIds.get(partition);
    }

    /** Whether the partition of this number has this id in the log. */
    boolean has(int partition, int partitionId) {
        return partition < partitionIds.size() && partitionIds.get(partition) == partitionId;
    }
}
