package io.millrace.fetch;

import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final PageMemory memory;
    private volatile long position;
    private int seeks;
    private boolean paused;
    private boolean withheld;

    /**
     * Read but not yet delivered; the first holds or follows {@code position}. Null and not empty, as most partitions
     * of most subscriptions have nothing here most of the time.
     */
    private @Nullable Deque<RecordBatch> ahead;

    /** There was nothing between the position and this offset when the database was asked. */
    private long emptyUpTo;

    FollowedPartition(TopicPartition name, PartitionTail tail, PageMemory memory, long position) {
        this.name = name;
        this.tail = tail;
        this.memory = memory;
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
        giveBack();
        position = nextOffset;
        emptyUpTo = 0;
    }

    /** Forgets what has been read, and what is being read; it can be read again. */
    void giveBack() {
        Deque<RecordBatch> held = ahead;
        if (held != null) {
            ahead = null;
            memory.release(PageMemory.weight(held));
        }
        seeks++;
    }

    /** What is stopped holds nothing. */
    void pause(boolean pause) {
        if (pause && !paused) {
            giveBack();
        }
        paused = pause;
    }

    /** What the consumer may not have is not read for it either, and holds nothing. */
    void withhold(boolean withhold) {
        if (withhold && !withheld) {
            giveBack();
        }
        withheld = withhold;
    }

    boolean hasMore() {
        return !paused && (hasPage() || tail.highWatermark() > Math.max(position, emptyUpTo));
    }

    /** Whether something has been read that is not delivered yet. */
    boolean hasPage() {
        return ahead != null;
    }

    /** Bytes of records at hand. */
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

    /** How many records are at hand. */
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

    /** Whether history lies behind the batches at hand, which only the database has. */
    boolean wantsPage() {
        long from = gap().from();
        return hasMore() && !withheld && tail.highWatermark() > Math.max(from, emptyUpTo) && tail.behind(from);
    }

    Gap gap() {
        Deque<RecordBatch> held = ahead;
        return new Gap(held == null ? position : held.getLast().lastOffset() + 1, seeks);
    }

    /** Whether that is still where records are missing. */
    boolean misses(Gap gap) {
        return gap.equals(gap());
    }

    /** Takes in what was read for what is missing. */
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

    /** Takes from batches that others share; what is left of them stays at hand if there is memory for it. */
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

    boolean needsAttention() {
        PartitionBounds bounds = tail.bounds();
        return tail.removed() || position < bounds.start() || position > bounds.readable();
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
