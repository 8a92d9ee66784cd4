package io.millrace.topic;

import io.millrace.database.Sql;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The partitions whose records are not all kept for ever. */
@Component
public class PartitionRetentions {

    private static final int AT_ONCE = 500;

    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(PartitionRetentions.class);

    PartitionRetentions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** All of them, some at a time, in the order of their ids. Each page is read when it is asked for. */
    public Iterable<List<PartitionRetention>> pages() {
        return () -> new Iterator<>() {

            private List<PartitionRetention> next = page(0);

            @Override
            public boolean hasNext() {
                return !next.isEmpty();
            }

            @Override
            public List<PartitionRetention> next() {
                if (next.isEmpty()) {
                    throw new NoSuchElementException();
                }
                List<PartitionRetention> page = next;
                next = page(page.getLast().partitionId());
                return page;
            }
        };
    }

    private List<PartitionRetention> page(int after) {
        return jdbc.sql(sql.text("select-retentions"))
                .param("after", after)
                .param("most", AT_ONCE)
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
