package io.millrace.rest;

import io.millrace.budget.Hold;
import io.millrace.cursor.Base;
import io.millrace.cursor.Bases;
import io.millrace.cursor.Positions;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.group.Assignment;
import io.millrace.group.Owned;
import io.millrace.json.JsonBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a member has been given by one call. Used by one thread. */
final class GroupPoll {

    /** What was read of one partition. */
    private static final class Part {

        private final Owned owned;
        private final List<Fetched> runs = new ArrayList<>();
        private long nextOffset;
        private long highWatermark;
        private Delivery.@Nullable Reset reset;

        Part(Owned owned, long nextOffset) {
            this.owned = owned;
            this.nextOffset = nextOffset;
        }

        /** Without records behind it the partition's end is not known: the next call tells of both. */
        void forgetReset() {
            Delivery.Reset told = reset;
            if (told != null && runs.isEmpty()) {
                nextOffset = told.requested();
                reset = null;
            }
        }

        boolean hasSomething() {
            return !runs.isEmpty() || reset != null;
        }
    }

    /** What an answer has around its partitions and, of each, around its records. */
    private static final int AROUND_BYTES = 1024;

    private static final int PARTITION_BYTES = 256;

    private final GroupReadRequest request;
    private final @Nullable GroupCursor from;
    private final Map<TopicPartition, Part> parts = new LinkedHashMap<>();
    private Assignment assignment;
    private int records;
    private long bytes;
    private boolean shared = true;
    private boolean full;

    /**
     * @param begun what the member owned when the call came
     * @param from where it goes on; null to begin where the group has committed
     */
    GroupPoll(Assignment begun, GroupReadRequest request, @Nullable GroupCursor from) {
        this.assignment = begun;
        this.request = request;
        this.from = from;
    }

    String memberId() {
        return assignment.memberId();
    }

    /** Where to begin in a partition. */
    long position(Owned owned) {
        return from == null ? owned.nextOffset() : from.nextOffset(owned).orElse(owned.nextOffset());
    }

    /** Notes that a partition is being read. */
    void followed(Owned owned) {
        parts.put(owned.name(), new Part(owned, position(owned)));
    }

    boolean isEmpty() {
        return records == 0;
    }

    /** Whether no more may be added. */
    boolean isFull() {
        return full || records >= request.limit() || bytes >= request.maxBytes();
    }

    /** How many records may come next: at first every partition has its share, then who has more takes the rest. */
    int mostRecords() {
        int left = request.limit() - records;
        return shared ? Math.clamp(request.limit() / Math.max(1, parts.size()), 1, left) : left;
    }

    int mostBytes() {
        int left = Math.toIntExact(request.maxBytes() - bytes);
        return shared ? Math.clamp(request.maxBytes() / Math.max(1, parts.size()), 1, left) : left;
    }

    void add(Delivery.Records delivery) {
        Part part = parts.get(delivery.partition());
        Fetched run = delivery.records();
        if (part == null) {
            return;
        }
        long size = run.byteSize();
        if (records > 0 && size > request.maxBytes() - bytes) {
            // One record too large for what is left comes all the same; the next call begins with it.
            full = true;
            return;
        }
        shared &= part.runs.isEmpty();
        part.runs.add(run);
        part.nextOffset = run.nextOffset();
        part.highWatermark = run.bounds().nextOffset();
        records += run.count();
        bytes += size;
    }

    void add(Delivery.Reset reset) {
        Part part = parts.get(reset.partition());
        if (part != null) {
            part.reset = reset;
            part.nextOffset = reset.nextOffset();
            part.highWatermark = Math.max(part.highWatermark, reset.nextOffset());
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
     * Nothing more comes. What is not the member's any longer, or is to be given up, is not handed out: nobody has read
     * it then.
     */
    void end(Assignment now) {
        if (isFull()) {
            parts.values().forEach(Part::forgetReset);
        }
        if (hasChanged(now)) {
            parts.values().removeIf(part -> now.find(part.owned.name())
                    .filter(owned -> owned.epoch() == part.owned.epoch() && !owned.revoking())
                    .isEmpty());
            assignment = now;
        }
    }

    /** The answer; blocks if its cursor is one for which a base has to be stored. */
    JsonBuffer json(String group, AnswerMemory memory, Hold batches, Bases bases) {
        long around =
                AROUND_BYTES + (long) PARTITION_BYTES * assignment.partitions().size();
        JsonBuffer json = memory.text(around + textBytes(), batches);
        raw(json, "{\"group\":").string(group);
        raw(json, ",\"member_id\":").string(assignment.memberId());
        raw(json, ",\"epoch\":").number(assignment.epoch());
        raw(json, ",\"assignment\":[");
        separated(json, assignment.partitions(), owned -> {
            name(json, owned.name());
            raw(json, ",\"epoch\":").number(owned.epoch()).ascii('}');
        });
        raw(json, "],\"revoking\":[");
        separated(json, assignment.partitions().stream().filter(Owned::revoking).toList(), owned -> {
            name(json, owned.name());
            json.ascii('}');
        });
        raw(json, "],\"partitions\":[");
        separated(json, parts.values().stream().filter(Part::hasSomething).toList(), part -> write(json, part));
        raw(json, "],\"cursor\":").string(cursor().encode(bases));
        return json.ascii('}');
    }

    private long textBytes() {
        return parts.values().stream()
                .flatMap(part -> part.runs.stream())
                .mapToLong(AnswerMemory::bytes)
                .sum();
    }

    private static void write(JsonBuffer json, Part part) {
        name(json, part.owned.name());
        raw(json, ",\"epoch\":").number(part.owned.epoch());
        Delivery.Reset reset = part.reset;
        if (reset != null) {
            raw(json, ",\"reset\":{\"requested\":").number(reset.requested());
            raw(json, ",\"reason\":")
                    .string(reset.requested() < reset.nextOffset() ? "offset_expired" : "offset_beyond_end")
                    .ascii('}');
        }
        raw(json, ",\"records\":[");
        RecordsJson.writeAll(json, part.runs);
        raw(json, "],\"next_offset\":").number(part.nextOffset);
        raw(json, ",\"high_watermark\":").number(part.highWatermark).ascii('}');
    }

    /** Where the member does not stand where the group does: by what it was given now, or by its own cursor. */
    private GroupCursor cursor() {
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
        return new GroupCursor(assignment.groupId(), assignment.epoch(), positions, base);
    }

    private static <T> void separated(JsonBuffer json, List<T> elements, java.util.function.Consumer<T> write) {
        boolean first = true;
        for (T element : elements) {
            if (!first) {
                json.ascii(',');
            }
            first = false;
            write.accept(element);
        }
    }

    private static void name(JsonBuffer json, TopicPartition name) {
        raw(json, "{\"topic\":").string(name.topic());
        raw(json, ",\"partition\":").number(name.partition());
    }

    private static JsonBuffer raw(JsonBuffer json, String ascii) {
        return json.raw(JsonBuffer.ascii(ascii));
    }
}
