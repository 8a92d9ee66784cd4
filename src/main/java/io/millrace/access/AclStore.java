package io.millrace.access;

import io.millrace.access.Acl.Effect;
import io.millrace.access.Acl.Pattern;
import io.millrace.access.Acl.Rule;
import io.millrace.access.Acl.RuleOperation;
import io.millrace.database.Sql;
import io.millrace.security.Permission.Resource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of access rules. Callers must have a transaction, or one statement is enough. */
public final class AclStore {

    /**
     * Which rules.
     *
     * @param principal null for any
     * @param resourceType null for any
     * @param resourceName as it stands in the rule; null for any
     */
    public record Filter(
            @Nullable String principal,
            @Nullable Resource resourceType,
            @Nullable String resourceName) {

        public static final Filter ALL = new Filter(null, null, null);
    }

    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(AclStore.class);

    public AclStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Adds a rule, unless there is one that says the same.
     *
     * @param by the principal that adds it
     * @return whether it is new
     */
    public boolean add(Rule rule, String by) {
        return !of("insert-acl", rule)
                .param("created_by", by)
                .query((row, _) -> row.getLong("acl_id"))
                .list()
                .isEmpty();
    }

    /** The rule that says this; empty if there is none. */
    public Optional<Acl> find(Rule rule) {
        return of("select-acl", rule).query((row, _) -> acl(row)).optional();
    }

    /** Rules in the order in which they were added. */
    public List<Acl> list(Filter filter, long after, int most) {
        return jdbc.sql(sql.text("select-acls"))
                .param("principal", filter.principal())
                .param("resource_type", filter.resourceType() == null ? null : Acl.code(filter.resourceType()))
                .param("resource_name", filter.resourceName())
                .param("after", after)
                .param("most", most)
                .query((row, _) -> acl(row))
                .list();
    }

    /** Removes a rule; false if there is none. */
    public boolean remove(long id) {
        return jdbc.sql(sql.text("delete-acl")).param("acl_id", id).update() > 0;
    }

    private JdbcClient.StatementSpec of(String statement, Rule rule) {
        return jdbc.sql(sql.text(statement))
                .param("principal", rule.principal())
                .param("permission", Acl.code(rule.permission()))
                .param("operation", Acl.code(rule.operation()))
                .param("resource_type", Acl.code(rule.resourceType()))
                .param("pattern_type", Acl.code(rule.patternType()))
                .param("resource_name", rule.resourceName());
    }

    private static Acl acl(ResultSet row) throws SQLException {
        return new Acl(
                row.getLong("acl_id"),
                new Rule(
                        row.getString("principal"),
                        value(row, "permission", Effect.class),
                        value(row, "operation", RuleOperation.class),
                        value(row, "resource_type", Resource.class),
                        value(row, "pattern_type", Pattern.class),
                        row.getString("resource_name")),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant());
    }

    private static <E extends Enum<E>> E value(ResultSet row, String column, Class<E> type) throws SQLException {
        return Enum.valueOf(type, row.getString(column).toUpperCase(Locale.ROOT));
    }
}
