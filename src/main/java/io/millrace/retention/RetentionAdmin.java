package io.millrace.retention;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.PartitionStarts;
import io.millrace.eventlog.Partitions;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import io.millrace.segment.Holding;
import io.millrace.segment.SegmentLedger;
import io.millrace.topic.PartitionRetention;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import io.millrace.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;

/** Old records as operators see them, for every protocol: each call checks the caller's permission. Blocks. */
@Component
public class RetentionAdmin {

    private final Topics topics;
    private final Partitions partitions;
    private final PartitionStarts starts;
    private final SegmentLedger ledger;
    private final Expiry expiry;
    private final Access access;
    private final Duration interval;

    RetentionAdmin(
            Topics topics,
            Partitions partitions,
            PartitionStarts starts,
            SegmentLedger ledger,
            Expiry expiry,
            Access access,
            RetentionProperties properties) {
        this.topics = topics;
        this.partitions = partitions;
        this.starts = starts;
        this.ledger = ledger;
        this.expiry = expiry;
        this.access = access;
        this.interval = properties.checkInterval();
    }

    /**
     * Deletes the records before an offset: from then on no reader finds them. Records of a topic that is only
     * compacted are not deleted, as in Kafka: that would lose the newest record of a key.
     *
     * @return the partition's first offset now
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}, {@link HubError#UNKNOWN_PARTITION},
     *     {@link HubError#OFFSET_BEYOND_END} for an offset after the high watermark, {@link HubError#POLICY_VIOLATION}
     */
    public long deleteBefore(Caller caller, String topicName, int partition, long before) {
        access.check(caller, Permission.topic(Operation.DELETE, topicName));
        Topic topic = topics.find(topicName);
        int id = topic.partitionId(partition);
        if (!topic.config().cleanupPolicy().deletes()) {
            throw new HubException(
                    HubError.POLICY_VIOLATION,
                    "topic " + topicName + " is compacted: deleting records by offset could lose the newest of a key");
        }
        PartitionBounds bounds = boundsOf(id, topicName);
        if (before > bounds.readable()) {
            throw new HubException(
                            HubError.OFFSET_BEYOND_END,
                            new Place.Parameter("before"),
                            "offset_beyond_end",
                            "the partition can be read up to offset " + bounds.readable() + "; asked to delete before "
                                    + before)
                    .with("next_offset", bounds.end());
        }
        Long moved = starts.move(Map.of(id, before)).get(id);
        return moved != null ? moved : boundsOf(id, topicName).start();
    }

    /**
     * What of a topic would go if the cleaner came now.
     *
     * @param tried changes the topic's settings for this answer only
     */
    public RetentionPreview preview(Caller caller, String topicName, UnaryOperator<TopicConfig> tried) {
        access.check(caller, Permission.topic(Operation.DESCRIBE, topicName));
        Topic topic = topics.find(topicName);
        TopicConfig config = tried.apply(topic.config());
        List<PartitionRetention> retentions = topic.partitionIds().stream()
                .map(id -> PartitionRetention.of(id, config))
                .toList();
        Map<Integer, List<Holding>> held = ledger.holdings(topic.partitionIds());
        Map<Integer, Long> moved = expiry.starts(retentions, held, ledger.nowMillis());
        Map<Integer, PartitionBounds> bounds = partitions.stored(topic.partitionIds());
        List<RetentionPreview.Partition> rows = new ArrayList<>();
        for (int id : topic.partitionIds()) {
            PartitionBounds now = bounds.get(id);
            if (now == null) { // deleted meanwhile
                throw Topics.unknown(topicName);
            }
            long start = Math.max(now.start(), moved.getOrDefault(id, 0L));
            List<Holding> holdings = held.getOrDefault(id, List.of());
            rows.add(new RetentionPreview.Partition(
                    now.start(),
                    start,
                    now.end(),
                    bytes(holdings),
                    ledger.bytesBefore(holdings, start),
                    config.cleanupPolicy().compacts() ? uncompactedBytes(holdings) : null));
        }
        return new RetentionPreview(topic, config, List.copyOf(rows), cleaner());
    }

    /** How the cleaner of the whole log is doing; of topics it tells nothing. */
    public CleanerState cleaner() {
        return new CleanerState(ledger.cleaning(), interval);
    }

    private static long bytes(List<Holding> holdings) {
        return holdings.stream().mapToLong(Holding::bytes).sum();
    }

    private static long uncompactedBytes(List<Holding> holdings) {
        return holdings.stream()
                .filter(holding -> !holding.compacted())
                .mapToLong(Holding::bytes)
                .sum();
    }

    private PartitionBounds boundsOf(int partitionId, String topicName) {
        PartitionBounds bounds = partitions.bounds(List.of(partitionId)).get(partitionId);
        if (bounds == null) { // deleted meanwhile
            throw Topics.unknown(topicName);
        }
        return bounds;
    }
}
