package io.millrace.stream.sse;

import io.millrace.consume.TopicRecords;
import io.millrace.consume.WholeTopics;
import io.millrace.cursor.Base;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Subscription;
import io.millrace.security.Caller;
import io.millrace.stream.StreamServices;
import io.millrace.topic.Topic;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Begins a stream: finds the topic, reads the cursor and follows the partitions. Blocks.
 *
 * <p>With a cursor, each partition continues at the cursor's position. A partition that the cursor does not have, as it
 * was added later or not requested then, begins at its start. So do those of a topic that was deleted and created
 * again: all its records are new to the client. With any other unusable cursor the stream begins where one without a
 * cursor would. If another leader epoch has begun since, no partition continues beyond where that began. {@link #gap()}
 * says why.
 */
final class SseOpening {

    private final SseTopicRequest request;
    private final Subscription subscription;
    private final WholeTopics whole;
    private final TopicRecords records;
    private @Nullable Cursor cursor;
    private @Nullable String gap;
    private boolean ofOtherTopic;

    /**
     * @throws HubException if the caller may not read the topic, if it does not exist, or with {@code on_gap=fail} if
     *     there is a gap
     */
    SseOpening(
            StreamServices services,
            Caller caller,
            SseTopicRequest request,
            Subscription subscription,
            WholeTopics whole) {
        this.request = request;
        this.subscription = subscription;
        this.whole = whole;
        this.records = services.reading().require(caller, request.topic());
        String text = request.cursor();
        if (text != null) {
            use(Cursor.read(text, topic().id(), services.bases()));
        }
    }

    Topic topic() {
        return records.topic();
    }

    /** Why the stream does not continue at the client's cursor; null if it does. */
    @Nullable
    String gap() {
        return gap;
    }

    /** Follows the partitions; returns their positions, in ascending order of partition. */
    Map<TopicPartition, Long> follow() {
        Map<TopicPartition, Long> positions = request.partitions().isEmpty()
                ? whole.follow(subscription, records, this::position)
                : records.follow(subscription, request.partitions(), this::position);
        return ofThisEpoch(positions) ? positions : goBackToEpochs();
    }

    /** Records that the client has read may be lost, and others may have their offsets. */
    private Map<TopicPartition, Long> goBackToEpochs() {
        noteGap("epoch_changed", "a failover may have lost records since the cursor was made");
        subscription.goBackToEpochs();
        return subscription.positions();
    }

    private void use(Cursor.Read read) {
        switch (read) {
            case Cursor.Read.Understood understood -> cursor = understood.cursor();
            case Cursor.Read.Lost lost -> {
                noteGap(lost.reason(), lost.detail());
                ofOtherTopic = lost.equals(Cursor.OF_OTHER_TOPIC);
            }
        }
    }

    /** The base of the client's cursor; null for none. */
    @Nullable
    Base base() {
        Cursor from = cursor;
        return from == null ? null : from.base();
    }

    private StartPosition position(int partition) {
        Cursor from = cursor;
        if (from == null) {
            return ofOtherTopic ? new StartPosition.Earliest() : request.from();
        }
        long nextOffset = from.positions().nextOffset(partition);
        if (nextOffset < 0) {
            return new StartPosition.Earliest();
        }
        StartPosition position = new StartPosition.AtOffset(nextOffset);
        if (request.failOnGap()) {
            checkThere(partition, position);
        }
        return position;
    }

    private void checkThere(int partition, StartPosition position) {
        try {
            records.resolve(partition, position);
        } catch (HubException outside) {
            if (outside.error() != HubError.OFFSET_EXPIRED && outside.error() != HubError.OFFSET_BEYOND_END) {
                throw outside;
            }
            throw new HubException(HubError.CURSOR_EXPIRED, "partition " + partition + ": " + outside.detail());
        }
    }

    private boolean ofThisEpoch(Map<TopicPartition, Long> positions) {
        Cursor from = cursor;
        return from == null || !sameSet(from, positions) || from.epochs() == subscription.epochs();
    }

    private static boolean sameSet(Cursor cursor, Map<TopicPartition, Long> positions) {
        return positions.size() == cursor.positions().count()
                && positions.keySet().stream()
                        .allMatch(key -> cursor.positions().nextOffset(key.partition()) >= 0);
    }

    private void noteGap(String reason, String detail) {
        if (request.failOnGap()) {
            throw new HubException(HubError.CURSOR_EXPIRED, detail);
        }
        gap = reason;
    }
}
