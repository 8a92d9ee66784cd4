package io.millrace.eventlog;

import io.millrace.database.DedicatedConnections;
import io.millrace.database.Sql;
import io.millrace.replication.Leader;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Appends batches on a connection of its own. A commit of up to {@link #MAX_ROWS} partitions costs one round trip: one
 * message with a statement that locks all heads and one that inserts all batches, in one transaction.
 */
final class LogWriter implements AppendLog.Writer {

    /** Each number of rows is a statement of its own, planned once per connection; 65,535 parameters are the limit. */
    private static final int MAX_ROWS = 64;

    private static final int ROW_PARAMETERS = 9;

    private static final String ROW_MARK = "/*row*/";

    private static final Verdict GONE = new Verdict.Gone();

    private static final int ALIVE_SECONDS = 2;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Connection connection;
    private final Leader leader;
    private final Sql sql;
    private final PGConnection longArrays;
    private final OpenSegments<SQLException> segments;

    /** By number of rows. All of them look for the partitions' ends from {@link #statementsSegment} on. */
    private final @Nullable PreparedStatement[] statements = new PreparedStatement[MAX_ROWS + 1];

    private int statementsSegment;

    /** @param leader whom the connection leads to; its epoch has begun */
    LogWriter(Connection connection, Leader leader, Sql sql, Ticker ticker) throws SQLException {
        this.connection = connection;
        this.leader = leader;
        this.sql = sql;
        this.segments = new OpenSegments<>(() -> OpenSegments.oldest(connection, sql), ticker);
        this.longArrays = connection.unwrap(PGConnection.class);
    }

    @Override
    public List<Verdict> append(List<Slice> slices) throws AppendFailedException {
        Verdict[] verdicts = new Verdict[slices.size()];
        Arrays.fill(verdicts, GONE);
        if (verdicts.length <= MAX_ROWS) {
            store(slices, verdicts, 0);
        } else {
            storeInPieces(slices, verdicts);
        }
        return List.of(verdicts);
    }

    private void storeInPieces(List<Slice> slices, Verdict[] verdicts) throws AppendFailedException {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException failure) {
            throw AppendFailedException.beforeSending(failure);
        }
        for (int from = 0; from < slices.size(); from += MAX_ROWS) {
            store(slices.subList(from, Math.min(from + MAX_ROWS, slices.size())), verdicts, from);
        }
        try {
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException failure) {
            throw AppendFailedException.afterSending(failure);
        }
    }

    private void store(List<Slice> slices, Verdict[] verdicts, int at) throws AppendFailedException {
        int[] partitionIds = slices.stream().mapToInt(Slice::partitionId).toArray();
        PreparedStatement statement;
        try {
            statement = statement(slices.size());
            statement.setArray(1, longArrays.createArrayOf("int4", partitionIds));
            int parameter = 1;
            for (Slice slice : slices) {
                bind(statement, parameter, slice);
                parameter += ROW_PARAMETERS;
            }
        } catch (SQLException failure) {
            throw AppendFailedException.beforeSending(failure);
        }
        try {
            statement.execute();
            statement.getMoreResults();
            try (ResultSet stored = statement.getResultSet()) {
                while (stored.next()) {
                    int i = Arrays.binarySearch(partitionIds, stored.getInt(1));
                    verdicts[at + i] = new Verdict.Stored(
                            stored.getLong(2) + 1 - slices.get(i).columns().count());
                    segments.saw(stored.getInt(3));
                }
            }
        } catch (SQLException failure) {
            throw AppendFailedException.afterSending(failure);
        }
    }

    private PreparedStatement statement(int rows) throws SQLException {
        int segment = segments.oldest();
        if (segment != statementsSegment) {
            closeStatements();
            statementsSegment = segment;
        }
        PreparedStatement statement = statements[rows];
        if (statement == null) {
            String[] parts =
                    OpenSegments.from(segment, sql.text("append-batches")).split(Pattern.quote(ROW_MARK));
            String values = String.join(", ", Collections.nCopies(rows, parts[1]));
            statement = connection.prepareStatement(parts[0] + values + parts[2]);
            statements[rows] = statement;
        }
        return statement;
    }

    private void closeStatements() throws SQLException {
        for (int rows = 0; rows < statements.length; rows++) {
            PreparedStatement statement = statements[rows];
            if (statement != null) {
                statement.close();
                statements[rows] = null;
            }
        }
    }

    private void bind(PreparedStatement statement, int parameter, Slice slice) throws SQLException {
        RecordColumns columns = slice.columns();
        statement.setInt(parameter + 1, slice.partitionId());
        statement.setInt(parameter + 2, columns.count());
        statement.setLong(parameter + 3, columns.maxTimestamp());
        statement.setInt(parameter + 4, columns.byteSize());
        statement.setArray(parameter + 5, longArrays.createArrayOf("int8", columns.timestamps()));
        BinaryArrays.set(statement, parameter + 6, columns.keys());
        BinaryArrays.set(statement, parameter + 7, columns.values());
        BinaryArrays.set(statement, parameter + 8, columns.headers());
        statement.setBytes(parameter + 9, columns.formats());
    }

    /** Does nothing where temporary tables are not allowed: then the next commit shows whether there is room. */
    @Override
    public void tryRoom() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql.text("try-room"));
        } catch (SQLException failure) {
            if (!INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState())) {
                throw failure;
            }
        }
    }

    @Override
    public Leader leader() {
        return leader;
    }

    @Override
    public boolean alive() {
        try {
            return connection.isValid(ALIVE_SECONDS);
        } catch (SQLException failure) {
            return false;
        }
    }

    @Override
    public void close() {
        DedicatedConnections.close(connection);
    }
}
