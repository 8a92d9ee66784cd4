package io.millrace.topic;

import io.millrace.database.Sql;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The partitions whose records are not all kept for ever. */
@Component
public class PartitionRetentions {

    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(PartitionRetentions.class);

    PartitionRetentions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The next such partitions in the order of their ids.
     *
     * @param after the last id of the page before; 0 for the first page
     * @param most at most this many
     */
    public List<PartitionRetention> page(int after, int most) {
        return jdbc.sql(sql.text("select-retentions"))
                .param("after", after)
                .param("most", most)
                .query((row, _) -> new PartitionRetention(
                        row.getInt("partition_id"),
                        row.getLong("retention_ms"),
                        row.getLong("retention_bytes"),
                        new PartitionRetention.Compaction(
                                row.getBoolean("compacts"),
                                row.getLong("delete_retention_ms"),
                                row.getLong("min_compaction_lag_ms"))))
                .list();
    }
}
