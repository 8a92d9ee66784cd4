package io.millrace.replication;

import io.millrace.database.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which primary wrote something. Positions in the WAL compare only within one leader: a promotion or a restore to a
 * point in time begins another timeline, and a restored dump is another system.
 *
 * @param systemIdentifier of the database cluster, chosen by initdb
 * @param timeline of the WAL, raised by each promotion
 */
public record Leader(long systemIdentifier, int timeline) {

    private static final Sql SQL = Sql.of(Leader.class);

    /**
     * Whom a connection leads to. It stays the same for the connection's life: a primary that is demoted ends its
     * sessions.
     */
    public static Leader of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SQL.text("select-leader"))) {
            row.next();
            return of(row);
        }
    }

    /** Whom the connection of the current transaction leads to. */
    public static Leader of(JdbcClient jdbc) {
        return jdbc.sql(SQL.text("select-leader")).query((row, _) -> of(row)).single();
    }

    private static Leader of(ResultSet row) throws SQLException {
        return new Leader(row.getLong(1), row.getInt(2));
    }
}
