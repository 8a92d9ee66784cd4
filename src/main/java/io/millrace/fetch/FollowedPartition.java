package io.millrace.fetch;

import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * Where a subscription stands in one partition. Guarded by the subscription's lock; the position may be read without.
 */
final class FollowedPartition {

    /**
     * What is missing behind the batches at hand.
     *
     * @param seeks how often the position had been changed when this was asked
     */
    record Gap(long from, int seeks) {}

    private final TopicPartition name;
    private final PartitionTail tail;
    private volatile long position;
    private int seeks;
    private boolean paused;

    /** Read but not yet delivered; the first holds or follows {@code position}. */
    private final Deque<RecordBatch> ahead = new ArrayDeque<>();

    /** There was nothing between the position and this offset when the database was asked. */
    private long emptyUpTo;

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
        seeks++;
        ahead.clear();
        emptyUpTo = 0;
    }

    void pause(boolean pause) {
        paused = pause;
    }

    boolean hasMore() {
        return !paused && (hasPage() || tail.highWatermark() > Math.max(position, emptyUpTo));
    }

    /** Whether something has been read that is not delivered yet. */
    boolean hasPage() {
        return !ahead.isEmpty();
    }

    /** Bytes of records at hand that may be delivered. */
    long heldBytes() {
        long bytes = 0;
        if (!paused) {
            for (RecordBatch batch : ahead) {
                bytes += batch.byteSize();
            }
        }
        return bytes;
    }

    /** Whether history lies behind the batches at hand, which only the database has. */
    boolean wantsPage() {
        long from = gap().from();
        return hasMore() && tail.highWatermark() > Math.max(from, emptyUpTo) && tail.behind(from);
    }

    Gap gap() {
        return new Gap(ahead.isEmpty() ? position : ahead.getLast().lastOffset() + 1, seeks);
    }

    /** Takes in what was read for a gap, unless the position has been changed since. */
    void fill(Gap gap, HistoryPage page) {
        tail.advanced(page.bounds());
        if (gap.seeks() != seeks) {
            return;
        }
        ahead.addAll(page.batches());
        if (page.batches().isEmpty()) {
            emptyUpTo = page.bounds().nextOffset();
        }
    }

    /** Takes in batches that begin with the position, as none are at hand. */
    void fill(Collection<RecordBatch> batches) {
        ahead.addAll(batches);
    }

    boolean needsAttention() {
        PartitionBounds bounds = tail.bounds();
        return tail.removed() || position < bounds.startOffset() || position > bounds.nextOffset();
    }

    /** Takes the next of the records at hand. */
    Fetched take(int maxRecords, int maxBytes) {
        Fetched taken = Fetched.take(ahead, position, maxRecords, maxBytes, tail.bounds());
        if (!taken.isEmpty()) {
            position = taken.nextOffset();
        }
        while (!ahead.isEmpty() && ahead.getFirst().lastOffset() < position) {
            ahead.removeFirst();
        }
        return taken;
    }
}
