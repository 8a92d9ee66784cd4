package io.millrace.replication;

import io.millrace.database.DedicatedConnections;
import io.millrace.database.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the primary, on a connection of its own. */
final class ReplicaQuery implements ReplicaSource {

    private final DedicatedConnections connections;
    private final Sql sql = Sql.of(ReplicaQuery.class);

    private @Nullable Session session;

    private record Session(Connection connection, Leader leader, PreparedStatement query) {}

    ReplicaQuery(DedicatedConnections connections) {
        this.connections = connections;
    }

    @Override
    public Replicas look() throws SQLException {
        Session open = session;
        if (open == null) {
            open = connect();
            session = open;
        }
        try (ResultSet row = open.query().executeQuery()) {
            return replicas(open.leader(), row);
        } catch (SQLException failure) {
            close();
            throw failure;
        }
    }

    private Session connect() throws SQLException {
        Connection connection = connections.open("replication", "set jit = off");
        try {
            return new Session(
                    connection, Leader.of(connection), connection.prepareStatement(sql.text("select-replicas")));
        } catch (SQLException failure) {
            DedicatedConnections.close(connection);
            throw failure;
        }
    }

    private static Replicas replicas(Leader leader, ResultSet row) throws SQLException {
        List<Standby> standbys = new ArrayList<>();
        long flushed = 0;
        int demanded = 0;
        boolean visible = true;
        while (row.next()) {
            flushed = row.getLong(1);
            demanded = Replicas.demanded(row.getString(2));
            String syncState = row.getString(7);
            if (syncState != null) {
                standbys.add(standby(row, syncState, flushed));
            } else if (row.getBoolean(3)) {
                visible = false;
            }
        }
        return new Replicas(leader, flushed, standbys, demanded, visible);
    }

    private static Standby standby(ResultSet row, String syncState, long primaryFlushed) throws SQLException {
        long flushed = row.getLong(8);
        long lag = row.getLong(9);
        return new Standby(
                row.getString(4),
                row.getString(5),
                row.getString(6),
                syncState,
                flushed,
                Math.max(0, primaryFlushed - flushed),
                row.wasNull() ? null : Duration.ofMillis(lag));
    }

    @Override
    public void close() {
        Session open = session;
        if (open != null) {
            session = null;
            DedicatedConnections.close(open.connection());
        }
    }
}
