package io.millrace.eventlog;

import io.millrace.database.Sql;
import io.millrace.time.Ticker;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Creates, describes and removes partitions. Every method joins the caller's transaction, so that a topic and its
 * partitions come and go together.
 */
@Component
public class Partitions {

    private final JdbcClient jdbc;
    private final PartitionEnds ends;
    private final Sql sql = Sql.of(Partitions.class);

    Partitions(JdbcClient jdbc, Ticker ticker) {
        this.jdbc = jdbc;
        this.ends = new PartitionEnds(jdbc, ticker);
    }

    /** Creates empty partitions in the newest segment and returns their ids, ascending. */
    public List<Integer> create(int count) {
        return jdbc.sql(sql.text("create-partitions"))
                .param("count", count)
                .query(Integer.class)
                .list();
    }

    /** Where the given partitions start and end, by partition id; partitions that do not exist are left out. */
    public Map<Integer, PartitionBounds> bounds(Collection<Integer> partitionIds) {
        return ends.read(partitionIds);
    }

    /**
     * Removes partitions for good: from the commit on, readers no longer find their records, and appends to them find
     * no partition. Locks the heads in the same order as appends do.
     */
    public void delete(Collection<Integer> partitionIds) {
        Integer[] ids = partitionIds.toArray(Integer[]::new);
        jdbc.sql(sql.text("lock-partitions"))
                .param("ids", ids)
                .query(Integer.class)
                .list();
        jdbc.sql(sql.text("delete-partitions")).param("ids", ids).update();
    }
}
