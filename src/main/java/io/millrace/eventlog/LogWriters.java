package io.millrace.eventlog;

import io.millrace.database.DedicatedConnections;
import io.millrace.database.Sql;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.stereotype.Component;

/** Opens writers, each on a connection of its own. */
@Component
class LogWriters implements AppendLog {

    /**
     * The generic plan saves planning the same statement repeatedly. It is made once, so all plans but the nested loop
     * over indexes are disabled: that one fits whatever the tables hold later. A node that freezes between two
     * statements of a transaction holds locks that others wait for: the server ends its session.
     */
    static final String SETTINGS = """
        set plan_cache_mode = force_generic_plan;
        set jit = off;
        set enable_hashjoin = off;
        set enable_mergejoin = off;
        set enable_seqscan = off;
        set enable_bitmapscan = off;
        set idle_in_transaction_session_timeout = '10s'\
        """;

    private final DedicatedConnections connections;
    private final LeaderEpochs epochs;
    private final Ticker ticker;
    private final Sql sql = Sql.of(LogWriters.class);

    LogWriters(DedicatedConnections connections, LeaderEpochs epochs, Ticker ticker) {
        this.connections = connections;
        this.epochs = epochs;
        this.ticker = ticker;
    }

    @Override
    public LogWriter open(String name) throws SQLException {
        Connection connection = connections.open(name, SETTINGS);
        try {
            return new LogWriter(connection, epochs.ensure(connection), sql, ticker);
        } catch (SQLException | RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }
}
