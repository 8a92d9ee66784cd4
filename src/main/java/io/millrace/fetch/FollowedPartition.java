package io.millrace.fetch;

import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's position in one partition, and the batches read ahead of it. Guarded by the subscription's lock; the
 * position may be read without.
 */
final class FollowedPartition {

    /**
     * The records that come after the batches at hand and have not been read.
     *
     * @param seeks the number of seeks and drops before this, which make a page that is being read obsolete
     */
    record Gap(long from, int seeks) {}

    private final TopicPartition name;
    private final PartitionTail tail;
    private final PageMemory memory;
    private final StartPosition expired;
    private volatile long position;

    /** The offset that the consumer asked for last; -1 if it never did. */
    private long sought = -1;

    /** The epoch in which the position was reached: after a change of the leader it may be that of lost records. */
    private int epoch;

    private int seeks;
    private boolean paused;
    private boolean withheld;

    /**
     * Read but not yet delivered; the first holds or follows {@code position}. Null instead of empty, since most
     * partitions of most subscriptions have nothing here most of the time.
     */
    private @Nullable Deque<RecordBatch> ahead;

    /** The database had no records between the position and this offset when it was asked. */
    private long emptyUpTo;

    FollowedPartition(TailStart start, PageMemory memory) {
        this.name = start.name();
        this.tail = start.tail();
        this.memory = memory;
        this.expired = start.expired();
        this.position = start.position();
        this.epoch = tail.bounds().leaderEpoch();
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

    /** Goes to an offset that the consumer asks for. */
    void sought(long nextOffset) {
        seek(nextOffset);
        sought = nextOffset;
    }

    void seek(long nextOffset) {
        giveBack();
        position = nextOffset;
        epoch = tail.bounds().leaderEpoch();
        emptyUpTo = 0;
    }

    /** For a position of an earlier epoch: goes to where this epoch began, if that is before it. */
    void goBackToEpoch() {
        PartitionBounds bounds = tail.bounds();
        if (bounds.leaderEpoch() > 0 && position > bounds.epoch().firstOffset()) {
            seek(bounds.epoch().firstOffset());
        }
    }

    /** Drops what has been read and what is being read; it can be read again. */
    void giveBack() {
        Deque<RecordBatch> held = ahead;
        if (held != null) {
            ahead = null;
            memory.release(PageMemory.weight(held));
        }
        seeks++;
    }

    /** Pauses or resumes. A paused partition holds no batches. */
    void pause(boolean pause) {
        if (pause && !paused) {
            giveBack();
        }
        paused = pause;
    }

    /** Withholds the partition from the consumer, or admits it again. If withheld it is not read and holds nothing. */
    void withhold(boolean withhold) {
        if (withhold && !withheld) {
            giveBack();
        }
        withheld = withhold;
    }

    boolean hasMore() {
        return !paused && (hasPage() || tail.highWatermark() > Math.max(position, emptyUpTo));
    }

    /** Whether batches have been read that are not delivered yet. */
    boolean hasPage() {
        return ahead != null;
    }

    /** Bytes of the batches at hand. */
    long heldBytes() {
        long bytes = 0;
        Deque<RecordBatch> held = ahead;
        if (held != null) {
            for (RecordBatch batch : held) {
                bytes += batch.byteSize();
            }
        }
        return bytes;
    }

    /** The number of records at hand. */
    long heldRecords() {
        long records = 0;
        Deque<RecordBatch> held = ahead;
        if (held != null) {
            for (RecordBatch batch : held) {
                records += batch.count();
            }
            records -= held.getFirst().indexOf(position);
        }
        return records;
    }

    /** Whether the records after the batches at hand are history: in the database and not in the tail cache. */
    boolean wantsPage() {
        long from = gap().from();
        return hasMore() && !withheld && tail.highWatermark() > Math.max(from, emptyUpTo) && tail.isHistory(from);
    }

    Gap gap() {
        Deque<RecordBatch> held = ahead;
        return new Gap(held == null ? position : held.getLast().lastOffset() + 1, seeks);
    }

    /** Whether this is still the gap. */
    boolean misses(Gap gap) {
        return gap.equals(gap());
    }

    /** Adds a page that was read for the gap. */
    void fill(HistoryPage page) {
        tail.advanced(page.bounds());
        fill(page.batches());
        if (page.batches().isEmpty()) {
            emptyUpTo = page.bounds().readable();
        }
    }

    private void fill(Collection<RecordBatch> batches) {
        if (ahead != null) {
            ahead.addAll(batches);
        } else if (!batches.isEmpty()) {
            ahead = new ArrayDeque<>(batches);
        }
    }

    /** Takes records from shared batches; the rest of them stays at hand if there is memory for it. */
    Fetched takeShared(List<RecordBatch> batches, int maxRecords, int maxBytes) {
        Fetched taken = Fetched.take(batches, position, maxRecords, maxBytes, tail.bounds());
        if (!taken.isEmpty()) {
            position = taken.nextOffset();
        }
        int from = 0;
        while (from < batches.size() && batches.get(from).lastOffset() < position) {
            from++;
        }
        List<RecordBatch> left = batches.subList(from, batches.size());
        if (!left.isEmpty() && memory.take(PageMemory.weight(left))) {
            fill(left);
        }
        return taken;
    }

    /** Whether the partition was deleted, or the position lies outside the bounds known on this node. */
    boolean needsResetOrRemoval() {
        PartitionBounds bounds = tail.bounds();
        boolean lost = isLost(bounds);
        if (bounds.leaderEpoch() != epoch && !lost) {
            goOnIn(bounds.leaderEpoch());
        }
        return tail.removed() || position < bounds.start() || position > bounds.end() || lost;
    }

    /** Drops what has been read of the old leader: records after the position may have been lost with it. */
    private void goOnIn(int newEpoch) {
        giveBack();
        epoch = newEpoch;
    }

    /**
     * The position or, if records before or after it are gone, where to go on. If the next record has expired, the
     * reader has said where, but a consumer that has just asked for an old offset wants what is left of the records
     * after it. In all other cases what is lost lies before the position.
     */
    StartPosition onward(PartitionBounds bounds) {
        if (position >= bounds.start()) {
            return new StartPosition.AtOffset(insideOf(bounds));
        }
        return position == sought ? new StartPosition.Earliest() : expired;
    }

    /**
     * A position beyond the high watermark stays: the high watermark may be that of a node that has just begun to read
     * the partition, and rises.
     */
    private long insideOf(PartitionBounds bounds) {
        long wanted = isLost(bounds) ? bounds.epoch().firstOffset() : position;
        return Math.max(bounds.start(), Math.min(wanted, bounds.end()));
    }

    /** Whether records before the position were lost with their leader. */
    private boolean isLost(PartitionBounds bounds) {
        return bounds.leaderEpoch() != epoch && position > bounds.epoch().firstOffset();
    }

    /** Takes the next of the records at hand. */
    Fetched take(int maxRecords, int maxBytes) {
        Deque<RecordBatch> held = ahead;
        Fetched taken = Fetched.take(held == null ? List.of() : held, position, maxRecords, maxBytes, tail.bounds());
        if (!taken.isEmpty()) {
            position = taken.nextOffset();
        }
        while (held != null && !held.isEmpty() && held.getFirst().lastOffset() < position) {
            memory.give(TailCache.weight(held.removeFirst()));
        }
        if (held != null && held.isEmpty()) {
            ahead = null;
        }
        return taken;
    }
}
