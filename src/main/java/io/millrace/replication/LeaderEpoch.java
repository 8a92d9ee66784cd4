package io.millrace.replication;

import io.millrace.database.Sql;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The time during which one server leads, from its first append until that of another: Kafka's leader epoch, the same
 * for all partitions. A row of {@code millrace.leader}.
 *
 * @param number 0 for the first leader of the log, and a higher one for each next
 * @param since by PostgreSQL's clock
 */
public record LeaderEpoch(int number, Leader leader, Instant since) {

    private static final Sql SQL = Sql.of(LeaderEpoch.class);

    /** The last one that has begun; empty before the first hub of this database has connected to append. */
    public static Optional<LeaderEpoch> last(JdbcClient jdbc) {
        return jdbc.sql(SQL.text("select-last-leader"))
                .query((row, _) -> new LeaderEpoch(
                        row.getInt("leader_epoch"),
                        new Leader(row.getLong("system_identifier"), row.getInt("timeline")),
                        row.getTimestamp("since").toInstant()))
                .optional();
    }
}
