package io.millrace.compaction;

import io.millrace.database.Sql;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.segment.SegmentStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Writes batches to a segment that is being filled, each in a transaction of its own. */
final class CompactedSegment implements AutoCloseable, BatchMerger.Output {

    private static final String TABLE = "record_batch_1\n";

    private final Connection connection;
    private final PGConnection arrays;
    private final PreparedStatement insert;
    private final int segment;

    CompactedSegment(Connection connection, Sql sql, int segment) throws SQLException {
        this.connection = connection;
        this.arrays = connection.unwrap(PGConnection.class);
        this.segment = segment;
        this.insert = connection.prepareStatement(
                sql.text("insert-batch").replace(TABLE, SegmentStore.table(segment) + "\n"));
    }

    @Override
    public void add(StoredBatch stored) {
        try {
            bind(stored);
            insert.executeUpdate();
        } catch (SQLException failure) {
            throw SegmentSource.translated("writing a compacted segment", failure);
        }
    }

    private void bind(StoredBatch stored) throws SQLException {
        RecordBatch batch = stored.batch();
        RecordColumns columns = batch.columns();
        insert.setInt(1, segment);
        insert.setInt(2, batch.partitionId());
        insert.setInt(3, batch.count());
        insert.setLong(4, batch.lastOffset());
        insert.setTimestamp(5, Timestamp.from(stored.appendedAt()));
        insert.setLong(6, columns.maxTimestamp());
        insert.setLong(7, stored.highTimestamp());
        insert.setInt(8, columns.byteSize());
        int @Nullable [] deltas = batch.offsetDeltas();
        if (deltas == null) {
            insert.setNull(9, Types.ARRAY, "_int4");
        } else {
            insert.setArray(9, arrays.createArrayOf("int4", deltas));
        }
        insert.setArray(10, arrays.createArrayOf("int8", columns.timestamps()));
        setByteas(11, columns.keys());
        setByteas(12, columns.values());
        setByteas(13, columns.headers());
        insert.setBytes(14, columns.formats());
        insert.setTimestamp(15, stored.compactedAt() == null ? null : Timestamp.from(stored.compactedAt()));
    }

    private void setByteas(int parameter, byte @Nullable [] @Nullable [] values) throws SQLException {
        if (values == null) {
            insert.setNull(parameter, Types.ARRAY, "_bytea");
        } else {
            insert.setArray(parameter, connection.createArrayOf("bytea", values));
        }
    }

    @Override
    public void close() throws SQLException {
        insert.close();
    }
}
