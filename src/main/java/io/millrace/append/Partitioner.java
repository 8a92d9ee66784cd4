package io.millrace.append;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.Place;
import io.millrace.topic.Topic;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Chooses a partition for each record: the one that it names, else by its key as Kafka's default partitioner does, else
 * round robin over the topic's partitions. Safe for any thread.
 */
final class Partitioner {

    /** At this many topics the map is cleared, which costs only evenness. */
    private static final int MAX_TOPICS = 100_000;

    /** By topic id. */
    private final Map<Integer, AtomicInteger> counters = new ConcurrentHashMap<>();

    private final RandomGenerator random;

    /** @param random chooses the partition that a topic starts with, so that nodes and restarts do not favour 0 */
    Partitioner(RandomGenerator random) {
        this.random = random;
    }

    /** The partition of each record, in order. */
    int[] partitions(Topic topic, List<NewRecord> records) {
        int count = topic.partitionCount();
        int[] partitions = new int[records.size()];
        for (int i = 0; i < partitions.length; i++) {
            NewRecord record = records.get(i);
            byte[] key = record.key();
            if (record.partition() != NewRecord.ANY_PARTITION) {
                partitions[i] = named(topic, record.partition(), i);
            } else if (key != null) {
                partitions[i] = ofKey(key, count);
            } else {
                partitions[i] = Math.floorMod(counterOf(topic).getAndIncrement(), count);
            }
        }
        return partitions;
    }

    /** Kafka's {@code toPositive(murmur2(key)) % count}; its "positive" clears the sign bit. */
    static int ofKey(byte[] key, int count) {
        return (Murmur2.hash(key) & Integer.MAX_VALUE) % count;
    }

    private static int named(Topic topic, int partition, int index) {
        if (partition >= topic.partitionCount()) {
            String detail = "topic " + topic.name() + " has partitions 0 to " + (topic.partitionCount() - 1) + ", not "
                    + partition;
            throw new HubException(
                    HubError.UNKNOWN_PARTITION,
                    Place.record(index, "partition"),
                    HubError.UNKNOWN_PARTITION.code(),
                    detail);
        }
        return partition;
    }

    private AtomicInteger counterOf(Topic topic) {
        AtomicInteger counter = counters.get(topic.id());
        if (counter == null) {
            if (counters.size() >= MAX_TOPICS) {
                counters.clear();
            }
            counter = counters.computeIfAbsent(
                    topic.id(), _ -> new AtomicInteger(random.nextInt(topic.partitionCount())));
        }
        return counter;
    }
}
