package io.millrace.consume;

import io.millrace.cursor.Base;
import io.millrace.cursor.Positions;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.group.Assignment;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a member is given by one call. Used by one thread. */
public final class MemberCall {

    /** What was read of one partition. */
    public static final class Part {

        private final Owned owned;
        private final List<Fetched> runs = new ArrayList<>();
        private long nextOffset;
        private long highWatermark;
        private Delivery.@Nullable Reset reset;

        Part(Owned owned, long nextOffset) {
            this.owned = owned;
            this.nextOffset = nextOffset;
        }

        private boolean hasSomething() {
            return !runs.isEmpty() || reset != null;
        }

        public Owned owned() {
            return owned;
        }

        /** The records, in runs of consecutive offsets. */
        public List<Fetched> runs() {
            return runs;
        }

        /** Where to read on. */
        public long nextOffset() {
            return nextOffset;
        }

        public long highWatermark() {
            return highWatermark;
        }

        /**
         * Set if the partition went on elsewhere before these records, because those at the requested position are
         * gone.
         */
        public Delivery.@Nullable Reset reset() {
            return reset;
        }
    }

    private final CallTerms terms;
    private final @Nullable MemberCursor from;
    private final Map<TopicPartition, Part> parts = new LinkedHashMap<>();
    private Assignment assignment;
    private int records;
    private long bytes;
    private boolean shared = true;
    private boolean full;

    /** Whether the group has moved by a reset: a later call does not tell of that. */
    private boolean moved;

    /**
     * @param begun what the member owned when the call came
     * @param from where to go on; null to begin where the group has committed
     */
    MemberCall(Assignment begun, CallTerms terms, @Nullable MemberCursor from) {
        this.assignment = begun;
        this.terms = terms;
        this.from = from;
    }

    String memberId() {
        return assignment.memberId();
    }

    /** What the member owns, as it is told with this answer. */
    public Assignment assignment() {
        return assignment;
    }

    /** The partitions of which something was read. */
    public List<Part> parts() {
        return parts.values().stream().filter(Part::hasSomething).toList();
    }

    /** Where to begin in a partition. */
    long position(Owned owned) {
        return from == null ? owned.nextOffset() : from.nextOffset(owned).orElse(owned.nextOffset());
    }

    /** Notes that a partition is being read. */
    void followed(Owned owned) {
        parts.put(owned.name(), new Part(owned, position(owned)));
    }

    /** Whether there is nothing yet for which the member should not wait. */
    boolean isEmpty() {
        return records == 0 && !moved;
    }

    /** Whether no more may be added. */
    boolean isFull() {
        return full || records >= terms.limit() || bytes >= terms.maxBytes();
    }

    /**
     * How many records may come next: at first every partition has its share, then those with more records take the
     * rest.
     */
    int mostRecords() {
        int left = terms.limit() - records;
        return shared ? Math.clamp(terms.limit() / Math.max(1, parts.size()), 1, left) : left;
    }

    int mostBytes() {
        int left = Math.toIntExact(terms.maxBytes() - bytes);
        return shared ? Math.clamp(terms.maxBytes() / Math.max(1, parts.size()), 1, left) : left;
    }

    void add(Delivery.Records delivery) {
        Part part = parts.get(delivery.partition());
        Fetched run = delivery.records();
        if (part == null) {
            return;
        }
        long size = run.byteSize();
        if (records > 0 && size > terms.maxBytes() - bytes) {
            // A single record comes even if it is too large for what is left; the next call begins with it.
            full = true;
            return;
        }
        shared &= part.runs.isEmpty();
        part.runs.add(run);
        part.nextOffset = run.nextOffset();
        part.highWatermark = run.bounds().readable();
        records += run.count();
        bytes += size;
    }

    /** The position by which the group is to go where a reset leads; null if that is left to the member. */
    @Nullable
    OffsetCommit toBeStored(Delivery.Reset reset) {
        Part part = parts.get(reset.partition());
        return part != null && movesGroup(part, reset)
                ? new OffsetCommit(reset.partition(), reset.nextOffset(), null).since(part.owned.epoch())
                : null;
    }

    /** Not if the member reads by an old cursor, and the group is further on. */
    private boolean movesGroup(Part part, Delivery.Reset reset) {
        return reset.requested() >= part.owned.nextOffset() && OwnedPartitions.isToBeStored(reset, assignment.from());
    }

    void add(Delivery.Reset reset) {
        Part part = parts.get(reset.partition());
        if (part != null) {
            part.reset = reset;
            moved |= movesGroup(part, reset);
            part.nextOffset = reset.nextOffset();
            part.highWatermark = Math.max(reset.highWatermark(), reset.nextOffset());
        }
    }

    /** The topic was deleted. */
    void remove(TopicPartition partition) {
        parts.remove(partition);
    }

    boolean hasChanged(Assignment now) {
        return now.epoch() != assignment.epoch();
    }

    /**
     * Nothing more comes. Records of partitions that the member no longer owns, or has to give up, are not handed out,
     * and count as not read.
     */
    void end(Assignment now) {
        if (hasChanged(now)) {
            parts.values().removeIf(part -> now.find(part.owned.name())
                    .filter(owned -> owned.epoch() == part.owned.epoch() && !owned.revoking())
                    .isEmpty());
            assignment = now;
        }
    }

    /** The positions in which the member is not where the group is: after this call, or by its own cursor. */
    MemberCursor cursor() {
        SortedMap<Integer, Long> ahead = new TreeMap<>();
        for (Owned owned : assignment.partitions()) {
            Part part = parts.get(owned.name());
            long nextOffset = part == null ? position(owned) : part.nextOffset;
            if (nextOffset != owned.nextOffset()) {
                ahead.put(owned.partitionId(), nextOffset);
            }
        }
        Positions positions = new Positions(
                ahead.keySet().stream().mapToInt(Integer::intValue).toArray(),
                ahead.values().stream().mapToLong(Long::longValue).toArray());
        Base base = from == null ? null : from.base();
        return new MemberCursor(assignment.groupId(), assignment.epoch(), positions, base);
    }
}
