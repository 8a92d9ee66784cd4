package io.millrace.fetch;

import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import java.util.List;

/**
 * Where a subscription stands in one partition. Guarded by the subscription's lock; the position may be read without.
 */
final class FollowedPartition {

    private final TopicPartition name;
    private final PartitionTail tail;
    private volatile long position;
    private boolean paused;

    /** Read but not yet delivered; begins at {@code position}. */
    private List<RecordBatch> ahead = List.of();

    FollowedPartition(TopicPartition name, PartitionTail tail, long position) {
        this.name = name;
        this.tail = tail;
        this.position = position;
    }

    TopicPartition name() {
        return name;
    }

    PartitionTail tail() {
        return tail;
    }

    long position() {
        return position;
    }

    void seek(long nextOffset) {
        position = nextOffset;
        ahead = List.of();
    }

    void pause(boolean pause) {
        paused = pause;
    }

    boolean hasMore() {
        return !paused && (!ahead.isEmpty() || position < tail.highWatermark());
    }

    /** Whether nothing has been read that is not delivered yet. */
    boolean needsPage() {
        return ahead.isEmpty();
    }

    boolean needsAttention() {
        PartitionBounds bounds = tail.bounds();
        return tail.removed() || position < bounds.startOffset() || position > bounds.nextOffset();
    }

    /** Takes the next records, reading a page if none are at hand; empty if another thread moved the position. */
    Fetched take(TailReader reader, int maxRecords, int maxBytes) {
        if (ahead.isEmpty()) {
            ahead = reader.batches(tail, position);
        }
        Fetched taken = Fetched.take(ahead, position, maxRecords, maxBytes, tail.bounds());
        if (!taken.isEmpty()) {
            position = taken.nextOffset();
        }
        RecordBatch last = ahead.isEmpty() ? null : ahead.getLast();
        if (last == null || last.lastOffset() < position) {
            ahead = List.of();
        } else {
            ahead = ahead.stream()
                    .filter(batch -> batch.lastOffset() >= position)
                    .toList();
        }
        return taken;
    }
}
