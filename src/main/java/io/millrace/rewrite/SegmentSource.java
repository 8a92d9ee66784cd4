package io.millrace.rewrite;

import io.millrace.database.Sql;
import io.millrace.eventlog.BinaryArrays;
import io.millrace.eventlog.LogReader;
import io.millrace.segment.SegmentStore;
import io.millrace.segment.Segments.Step;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A partition's batches in sealed segments, read in pages. They do not change meanwhile. */
final class SegmentSource implements BatchSource {

    private static final int PAGE_BATCHES = 2_000;

    /** Keys alone are read in larger pages than whole batches. */
    private static final int PAGE_BYTES = 4 * 1024 * 1024;

    private final SegmentStore store;
    private final Sql sql;
    private final int partitionId;
    private final List<Integer> segments;
    private final long startOffset;
    private final long records;

    /** As {@link Rewriter#source} says. */
    SegmentSource(SegmentStore store, Sql sql, int partitionId, List<Integer> segments, long startOffset) {
        this.store = store;
        this.sql = sql;
        this.partitionId = partitionId;
        this.segments = segments;
        this.startOffset = startOffset;
        this.records = segments.stream().mapToLong(this::count).sum();
    }

    @Override
    public long records() {
        return records;
    }

    private record Keys(long lastOffset, int count, byte @Nullable [] @Nullable [] keys) {}

    @Override
    public void scan(KeyVisitor visitor) throws InterruptedException {
        long ordinal = 0;
        for (int segment : segments) {
            List<Keys> page = keys(segment, startOffset);
            while (!page.isEmpty()) {
                for (Keys batch : page) {
                    for (int i = 0; i < batch.count(); i++) {
                        visitor.visit(ordinal++, batch.keys() == null ? null : batch.keys()[i]);
                    }
                }
                store.breaks().after(Step.COPIED);
                page = keys(segment, page.getLast().lastOffset() + 1);
            }
        }
    }

    @Override
    public void read(BatchVisitor visitor) throws InterruptedException {
        for (int segment : segments) {
            List<StoredBatch> page = batches(segment, startOffset);
            while (!page.isEmpty()) {
                for (StoredBatch batch : page) {
                    visitor.visit(batch);
                }
                store.breaks().after(Step.COPIED);
                page = batches(segment, page.getLast().batch().lastOffset() + 1);
            }
        }
    }

    private List<Keys> keys(int segment, long from) {
        return store.jdbc()
                .query(
                        sql.text("select-keys"),
                        (row, _) -> new Keys(row.getLong(1), row.getInt(2), BinaryArrays.byteas(row, 3)),
                        segment,
                        partitionId,
                        from,
                        PAGE_BATCHES);
    }

    private List<StoredBatch> batches(int segment, long from) {
        return store.jdbc()
                .query(
                        sql.text("select-stored-batches"),
                        (row, _) -> batch(row),
                        segment,
                        partitionId,
                        from,
                        PAGE_BATCHES,
                        PAGE_BYTES);
    }

    private StoredBatch batch(ResultSet row) throws SQLException {
        Timestamp compacted = row.getTimestamp(12);
        return new StoredBatch(
                LogReader.batchOf(row, partitionId),
                row.getTimestamp(10).toInstant(),
                row.getLong(11),
                compacted == null ? null : compacted.toInstant());
    }

    private long count(int segment) {
        Long count =
                store.jdbc().queryForObject(sql.text("count-records"), Long.class, segment, partitionId, startOffset);
        return count == null ? 0 : count;
    }
}
