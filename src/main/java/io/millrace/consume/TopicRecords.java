package io.millrace.consume;

import io.millrace.budget.Hold;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Fetched;
import io.millrace.fetch.PartitionReader;
import io.millrace.fetch.PartitionStart;
import io.millrace.fetch.Subscription;
import io.millrace.fetch.Subscriptions;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The records of one topic, as it was when {@link Reading} found it, for a caller that may read them. Blocks; safe for
 * any thread.
 */
public final class TopicRecords {

    private final Topic topic;
    private final PartitionReader reader;
    private final Subscriptions subscriptions;
    private final ConsumeQuota quota;
    private final Runnable check;

    /** @param check refuses if the caller may not, or no longer */
    TopicRecords(Topic topic, PartitionReader reader, Subscriptions subscriptions, ConsumeQuota quota, Runnable check) {
        this.topic = topic;
        this.reader = reader;
        this.subscriptions = subscriptions;
        this.quota = quota;
        this.check = check;
    }

    public Topic topic() {
        return topic;
    }

    /**
     * Reads records of a partition from an offset on.
     *
     * @param offset the next offset to read
     * @param maxRecords the most records to return
     * @param maxBytes of keys, values and headers; at least one record is read, however large
     * @param wait how long to wait for a first record when the offset is the end of the partition; zero for not at all
     * @param hold takes what is read for this reader alone; what was read is in memory until it is closed
     * @return no records if none came in time
     * @throws HubException as {@link PartitionReader#read}, {@link io.millrace.event.HubError#QUOTA_EXCEEDED}, and if
     *     the caller has lost its permission meanwhile
     */
    public Fetched read(int partition, long offset, int maxRecords, int maxBytes, Duration wait, Hold hold)
            throws InterruptedException {
        quota.check();
        Fetched read = reader.read(topic, partition, offset, maxRecords, maxBytes, wait, hold);
        check.run();
        quota.took(read);
        return read;
    }

    /**
     * The offset that a position means right now.
     *
     * @throws HubException as {@link PartitionReader#resolve}
     */
    public long resolve(int partition, StartPosition position) {
        return reader.resolve(topic, partition, position);
    }

    /**
     * Lets a subscription follow partitions.
     *
     * @return the offsets at which they begin, in the given order
     * @throws HubException as {@link Subscriptions#follow}
     */
    public Map<TopicPartition, Long> follow(
            Subscription subscription, Collection<Integer> partitions, IntFunction<StartPosition> from) {
        List<PartitionStart> starts = partitions.stream()
                .map(partition -> new PartitionStart(topic, partition, from.apply(partition)))
                .toList();
        return subscriptions.follow(subscription, starts);
    }
}
