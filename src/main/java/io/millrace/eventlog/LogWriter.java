package io.millrace.eventlog;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Appends batches on a connection of its own. One thread owns a writer; after a failure it is closed and a new one
 * opened.
 *
 * <p>A commit costs one round trip: an autocommitted {@code select append_batch(…), append_batch(…), …} with a call for
 * each partition. PostgreSQL evaluates a select list from left to right, so the heads are locked in the order of the
 * list.
 */
public final class LogWriter implements AutoCloseable {

    /** What {@link #append} answers for a partition that does not exist. */
    public static final long NO_PARTITION = -1;

    /** A call takes 8 parameters and a column; PostgreSQL allows 1,664 columns, and each length is planned once. */
    private static final int MAX_CALLS = 64;

    private static final String CALL = "millrace.append_batch(?, ?, ?, ?, ?, ?, ?, ?)";
    private static final int CALL_PARAMETERS = 8;

    private static final int ALIVE_SECONDS = 2;

    private final Connection connection;
    private final PGConnection longArrays;
    private final @Nullable PreparedStatement[] statements = new PreparedStatement[MAX_CALLS + 1];

    LogWriter(Connection connection) throws SQLException {
        this.connection = connection;
        this.longArrays = connection.unwrap(PGConnection.class);
    }

    /**
     * Stores all batches in one transaction and returns once the primary has flushed it.
     *
     * @param batches at most one for each partition, in ascending order of partition id
     * @return the first offset of each batch, in the same order, or {@link #NO_PARTITION}; a batch whose partition does
     *     not exist is left out, the others are stored
     * @throws AppendFailedException if the transaction failed or nobody can tell
     */
    public long[] append(List<NewBatch> batches) throws AppendFailedException {
        if (batches.size() <= MAX_CALLS) {
            long[] offsets = new long[batches.size()];
            call(batches, offsets, 0);
            return offsets;
        }
        return appendInPieces(batches);
    }

    private long[] appendInPieces(List<NewBatch> batches) throws AppendFailedException {
        long[] offsets = new long[batches.size()];
        try {
            connection.setAutoCommit(false);
        } catch (SQLException failure) {
            throw AppendFailedException.beforeSending(failure);
        }
        for (int from = 0; from < batches.size(); from += MAX_CALLS) {
            call(batches.subList(from, Math.min(from + MAX_CALLS, batches.size())), offsets, from);
        }
        try {
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException failure) {
            throw AppendFailedException.afterSending(failure);
        }
        return offsets;
    }

    private void call(List<NewBatch> batches, long[] offsets, int at) throws AppendFailedException {
        PreparedStatement statement;
        try {
            statement = statement(batches.size());
            int parameter = 0;
            for (NewBatch batch : batches) {
                bind(statement, parameter, batch);
                parameter += CALL_PARAMETERS;
            }
        } catch (SQLException failure) {
            throw AppendFailedException.beforeSending(failure);
        }
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            for (int i = 0; i < batches.size(); i++) {
                long offset = row.getLong(i + 1);
                offsets[at + i] = row.wasNull() ? NO_PARTITION : offset;
            }
        } catch (SQLException failure) {
            throw AppendFailedException.afterSending(failure);
        }
    }

    private PreparedStatement statement(int calls) throws SQLException {
        PreparedStatement statement = statements[calls];
        if (statement == null) {
            statement = connection.prepareStatement("select " + String.join(", ", Collections.nCopies(calls, CALL)));
            statements[calls] = statement;
        }
        return statement;
    }

    private void bind(PreparedStatement statement, int parameter, NewBatch batch) throws SQLException {
        RecordColumns columns = batch.columns();
        statement.setInt(parameter + 1, batch.partitionId());
        statement.setArray(parameter + 2, longArrays.createArrayOf("int8", columns.timestamps()));
        setByteas(statement, parameter + 3, columns.keys());
        setByteas(statement, parameter + 4, columns.values());
        setByteas(statement, parameter + 5, columns.headers());
        statement.setBytes(parameter + 6, columns.formats());
        statement.setLong(parameter + 7, columns.maxTimestamp());
        statement.setInt(parameter + 8, columns.byteSize());
    }

    private void setByteas(PreparedStatement statement, int parameter, byte @Nullable [] @Nullable [] values)
            throws SQLException {
        if (values == null) {
            statement.setNull(parameter, Types.ARRAY, "_bytea");
        } else {
            Array array = connection.createArrayOf("bytea", values);
            statement.setArray(parameter, array);
        }
    }

    /** Asks the server for a sign of life. */
    public boolean alive() {
        try {
            return connection.isValid(ALIVE_SECONDS);
        } catch (SQLException failure) {
            return false;
        }
    }

    @Override
    public void close() {
        LogConnections.close(connection);
    }
}
