package io.millrace.group.admin;

import io.millrace.database.Sql;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Queries over all groups, for operators. Every method joins the caller's transaction, or has one of its own if there
 * is none.
 */
@Component
class AdminStore {

    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(AdminStore.class);

    AdminStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Groups in the order of their names, after the given one. */
    List<GroupSummary> groups(String prefix, int limit, String after) {
        return jdbc.sql(sql.text("select-groups"))
                .param("after", after)
                .param("first", prefix)
                .param("last", prefix + Character.MAX_VALUE)
                .param("limit", limit)
                .query((row, _) -> {
                    int members = row.getInt("members");
                    return new GroupSummary(
                            row.getString("name"),
                            GroupDescription.State.of(members, row.getBoolean("rebalancing")),
                            row.getLong("epoch"),
                            members);
                })
                .list();
    }

    /** Where a group stands in a partition. */
    record Standing(String group, String topic, int partitionId, long nextOffset) {}

    /** Where all groups with members stand, in the order of their names. */
    List<Standing> standings() {
        return jdbc.sql(sql.text("select-lagging"))
                .query((row, _) -> new Standing(
                        row.getString("name"),
                        row.getString("topic"),
                        row.getInt("partition_id"),
                        row.getLong("next_offset")))
                .list();
    }
}
