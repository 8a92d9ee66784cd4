package io.millrace.eventlog;

import io.millrace.event.RecordFormat;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stored batch of records of one partition: immutable, shared by all readers of a node, safe for any thread. Records
 * are addressed by their index in the batch; their offsets rise with the index but may have gaps once a segment has
 * been compacted.
 */
public final class RecordBatch {

    private final int partitionId;
    private final long baseOffset;
    private final int @Nullable [] offsetDeltas;
    private final RecordColumns columns;
    private volatile @Nullable Rendering renderings;

    /**
     * @param baseOffset the offset that {@code offsetDeltas} count from: the first record's, unless compaction has
     *     removed that
     * @param offsetDeltas each record's distance from the base, ascending; null means 0, 1, 2, …
     */
    public RecordBatch(int partitionId, long baseOffset, int @Nullable [] offsetDeltas, RecordColumns columns) {
        this.partitionId = partitionId;
        this.baseOffset = baseOffset;
        this.offsetDeltas = offsetDeltas;
        this.columns = columns;
    }

    public int partitionId() {
        return partitionId;
    }

    /** How many records the batch holds; at least one. */
    public int count() {
        return columns.count();
    }

    public long firstOffset() {
        return offset(0);
    }

    public long lastOffset() {
        return offset(count() - 1);
    }

    public long offset(int index) {
        return baseOffset + (offsetDeltas == null ? index : offsetDeltas[index]);
    }

    /** Milliseconds since the epoch. */
    public long timestamp(int index) {
        return columns.timestamps()[index];
    }

    public byte @Nullable [] key(int index) {
        byte @Nullable [] @Nullable [] keys = columns.keys();
        return keys == null ? null : keys[index];
    }

    /** The value's bytes as they were produced; null for a tombstone. */
    public byte @Nullable [] value(int index) {
        return columns.values()[index];
    }

    /** The headers as a JSON array in UTF-8; null for none. */
    public byte @Nullable [] headers(int index) {
        byte @Nullable [] @Nullable [] headers = columns.headers();
        return headers == null ? null : headers[index];
    }

    /** See {@link RecordFormat}. */
    public byte format(int index) {
        byte @Nullable [] formats = columns.formats();
        return formats == null ? RecordFormat.DEFAULT : formats[index];
    }

    /** Bytes of all keys, values and headers. */
    public int byteSize() {
        return columns.byteSize();
    }

    /** The index of the first record at or after this offset, or {@link #count()} if there is none. */
    public int indexOf(long offset) {
        if (offsetDeltas == null) {
            return (int) Math.clamp(offset - baseOffset, 0L, count());
        }
        int found = Arrays.binarySearch(offsetDeltas, (int) Math.clamp(offset - baseOffset, -1L, Integer.MAX_VALUE));
        return found >= 0 ? found : -found - 1;
    }

    /** Each record's distance from the base, ascending; null means 0, 1, 2, … */
    public int @Nullable [] offsetDeltas() {
        return offsetDeltas;
    }

    /** The records, column by column. */
    public RecordColumns columns() {
        return columns;
    }

    /** A form of the batch, and the forms that were made before it. */
    private record Rendering(Object form, @Nullable Rendering others) {}

    /**
     * A form of this batch that its readers share, such as its text; the first caller makes it, and the batch keeps one
     * of each type. If two threads ask at once both may render, and one of the results is kept.
     */
    public <T> T rendering(Class<T> type, Function<RecordBatch, T> renderer) {
        Rendering known = renderings;
        for (Rendering one = known; one != null; one = one.others()) {
            if (type.isInstance(one.form())) {
                return type.cast(one.form());
            }
        }
        T made = renderer.apply(this);
        renderings = new Rendering(made, known);
        return made;
    }
}
