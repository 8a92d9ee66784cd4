package io.millrace.compaction;

import io.millrace.database.Sql;
import io.millrace.eventlog.BinaryArrays;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.segment.Segments.Breaks;
import io.millrace.segment.Segments.Step;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/** A partition's batches in sealed segments, read in pages. They do not change meanwhile. */
final class SegmentSource implements PartitionCompaction.Source {

    /** Keys alone are read in larger pages than whole batches. */
    private static final int KEY_BATCHES = 2_000;

    private static final int BATCHES = 2_000;
    private static final int PAGE_BYTES = 4 * 1024 * 1024;

    private final Connection connection;
    private final Sql sql;
    private final Breaks breaks;
    private final int partitionId;
    private final List<Integer> segments;
    private final long startOffset;
    private final long records;

    /**
     * @param segments in the order of offsets
     * @param startOffset batches that end before are left out
     */
    SegmentSource(
            Connection connection, Sql sql, Breaks breaks, int partitionId, List<Integer> segments, long startOffset)
            throws SQLException {
        this.connection = connection;
        this.sql = sql;
        this.breaks = breaks;
        this.partitionId = partitionId;
        this.segments = segments;
        this.startOffset = startOffset;
        this.records = count();
    }

    @Override
    public long records() {
        return records;
    }

    @Override
    public void scan(Superseded.Visitor visitor) throws InterruptedException {
        long[] ordinal = {0};
        pages("select-keys", KEY_BATCHES, 0, row -> {
            int count = row.getInt(2);
            byte @Nullable [] @Nullable [] keys = BinaryArrays.byteas(row, 3);
            for (int i = 0; i < count; i++) {
                visitor.visit(ordinal[0]++, keys == null ? null : keys[i]);
            }
        });
    }

    @Override
    public void read(PartitionCompaction.BatchVisitor visitor) throws InterruptedException {
        pages("select-stored-batches", BATCHES, PAGE_BYTES, row -> visitor.visit(batch(row)));
    }

    private StoredBatch batch(ResultSet row) throws SQLException {
        long lastOffset = row.getLong(1);
        int count = row.getInt(2);
        int @Nullable [] deltas = BinaryArrays.ints(row, 4);
        long base = deltas == null ? lastOffset - count + 1 : lastOffset - deltas[count - 1];
        long[] timestamps = BinaryArrays.longs(row, 5);
        byte @Nullable [] @Nullable [] values = BinaryArrays.byteas(row, 7);
        if (timestamps == null || values == null) {
            throw new SQLException("a batch of partition " + partitionId + " has no values or no timestamps");
        }
        RecordColumns columns = new RecordColumns(
                timestamps,
                BinaryArrays.byteas(row, 6),
                values,
                BinaryArrays.byteas(row, 8),
                row.getBytes(9),
                row.getInt(3));
        Timestamp compacted = row.getTimestamp(12);
        return new StoredBatch(
                new RecordBatch(partitionId, base, deltas, columns),
                row.getTimestamp(10).toInstant(),
                row.getLong(11),
                compacted == null ? null : compacted.toInstant());
    }

    private interface RowVisitor {
        void visit(ResultSet row) throws SQLException, InterruptedException;
    }

    /** Whole pages are read before their rows are visited: a visitor may use the connection. */
    private void pages(String statement, int batches, int bytes, RowVisitor visitor) throws InterruptedException {
        for (int segment : segments) {
            try (PreparedStatement query = connection.prepareStatement(sql.text(statement))) {
                query.setInt(1, segment);
                query.setInt(2, partitionId);
                query.setInt(4, batches);
                if (bytes > 0) {
                    query.setInt(5, bytes);
                }
                Long next = startOffset;
                while (next != null) {
                    query.setLong(3, next);
                    next = page(query, visitor);
                    breaks.after(Step.COPIED);
                }
            } catch (SQLException failure) {
                throw translated("reading a sealed segment", failure);
            }
        }
    }

    static DataAccessException translated(String task, SQLException failure) {
        DataAccessException known = new SQLStateSQLExceptionTranslator().translate(task, null, failure);
        return known == null ? new UncategorizedSQLException(task, null, failure) : known;
    }

    /** Returns the offset to go on at; null if the page was empty. */
    private static @Nullable Long page(PreparedStatement query, RowVisitor visitor)
            throws SQLException, InterruptedException {
        Long next = null;
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                visitor.visit(row);
                next = row.getLong(1) + 1;
            }
        }
        return next;
    }

    private long count() throws SQLException {
        long count = 0;
        try (PreparedStatement query = connection.prepareStatement(sql.text("count-records"))) {
            for (int segment : segments) {
                query.setInt(1, segment);
                query.setInt(2, partitionId);
                query.setLong(3, startOffset);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    count += row.getLong(1);
                }
            }
        }
        return count;
    }
}
