package io.millrace.rewrite;

import io.millrace.database.Sql;
import io.millrace.eventlog.BinaryArrays;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.segment.SegmentStore;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Writes batches to a segment that is being filled, each in a transaction of its own. */
final class SegmentWriter implements BatchMerger.Output {

    private final SegmentStore store;
    private final String insert;
    private final int segment;

    SegmentWriter(SegmentStore store, Sql sql, int segment) {
        this.store = store;
        this.segment = segment;
        this.insert = store.onTable(segment, sql.text("insert-batch"));
    }

    @Override
    public void add(StoredBatch stored) {
        store.jdbc().update(insert, statement -> bind(statement, stored));
    }

    private void bind(PreparedStatement insert, StoredBatch stored) throws SQLException {
        PGConnection arrays = insert.getConnection().unwrap(PGConnection.class);
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
        BinaryArrays.set(insert, 11, columns.keys());
        BinaryArrays.set(insert, 12, columns.values());
        BinaryArrays.set(insert, 13, columns.headers());
        insert.setBytes(14, columns.formats());
        insert.setTimestamp(15, stored.compactedAt() == null ? null : Timestamp.from(stored.compactedAt()));
    }
}
