package io.millrace.access;

import io.millrace.database.Sql;
import io.millrace.security.Quotas.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of quotas. Callers must have a transaction, or one statement is enough. */
public final class QuotaStore {

    private static final String PER_SECOND = "_per_second";

    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(QuotaStore.class);

    public QuotaStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Sets a user's quota, instead of what it had.
     *
     * @param by the principal that sets it
     * @return whether the user had none before
     */
    public boolean set(String principal, Map<Kind, Long> perSecond, String by) {
        JdbcClient.StatementSpec statement =
                jdbc.sql(sql.text("upsert-quota")).param("principal", principal).param("updated_by", by);
        for (Kind kind : Kind.values()) {
            statement = statement.param(field(kind), perSecond.get(kind));
        }
        return statement.query(Boolean.class).single();
    }

    /** Quotas in the order of their principals. */
    public List<Quota> list(String after, int most) {
        return jdbc.sql(sql.text("select-quotas"))
                .param("after", after)
                .param("most", most)
                .query((row, _) -> quota(row))
                .list();
    }

    /** Removes a user's quota; false if it has none. */
    public boolean remove(String principal) {
        return jdbc.sql(sql.text("delete-quota")).param("principal", principal).update() > 0;
    }

    /** The name of a kind's column, and of its field in JSON. */
    public static String field(Kind kind) {
        return kind.code() + PER_SECOND;
    }

    private static Quota quota(ResultSet row) throws SQLException {
        Map<Kind, Long> perSecond = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            long value = row.getLong(field(kind));
            if (!row.wasNull()) {
                perSecond.put(kind, value);
            }
        }
        return new Quota(
                row.getString("principal"),
                perSecond,
                row.getString("updated_by"),
                row.getTimestamp("updated_at").toInstant());
    }
}
