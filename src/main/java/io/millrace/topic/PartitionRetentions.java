package io.millrace.topic;

import io.millrace.database.Sql;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The partitions whose records are not kept for ever. */
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
                .query((row, _) -> new PartitionRetention(row.getInt(1), row.getLong(2), row.getLong(3)))
                .list();
    }
}
