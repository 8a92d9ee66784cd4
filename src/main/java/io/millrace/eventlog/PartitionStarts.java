package io.millrace.eventlog;

import io.millrace.cluster.ChangePublisher;
import io.millrace.cluster.ChangeSubscriber;
import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Moves the starts of partitions: from the commit on, the records before are gone for all readers, on whichever node.
 * Their space comes back later.
 */
@Component
public class PartitionStarts implements ChangeSubscriber {

    private static final String KIND = "start";

    /** Appends to these partitions wait for one transaction. */
    private static final int AT_ONCE = 100;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final ChangePublisher publisher;
    private final List<PartitionWatcher> watchers;
    private final Sql sql = Sql.of(PartitionStarts.class);

    PartitionStarts(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ChangePublisher publisher,
            List<PartitionWatcher> watchers) {
        this.jdbc = jdbc;
        this.transactions = new Transactions(transactions, TIMEOUT, "the partition");
        this.publisher = publisher;
        this.watchers = watchers;
    }

    /**
     * Moves starts forward. Blocks. The transactions are short, and each locks the heads in ascending order.
     *
     * @param starts the first offsets to keep, by partition id, none beyond the partition's end
     * @return the starts that have moved; partitions that start later already, or do not exist, are left out
     */
    public Map<Integer, Long> move(Map<Integer, Long> starts) {
        Map<Integer, Long> moved = new HashMap<>();
        List<Map.Entry<Integer, Long>> ascending = new ArrayList<>(new TreeMap<>(starts).entrySet());
        for (int from = 0; from < ascending.size(); from += AT_ONCE) {
            List<Map.Entry<Integer, Long>> some = ascending.subList(from, Math.min(from + AT_ONCE, ascending.size()));
            Map<Integer, Long> done = transactions.write(() -> moveSome(some));
            done.forEach(this::tell);
            moved.putAll(done);
        }
        return moved;
    }

    private Map<Integer, Long> moveSome(List<Map.Entry<Integer, Long>> starts) {
        Integer[] ids = starts.stream().map(Map.Entry::getKey).toArray(Integer[]::new);
        Map<Integer, Long> moved = new HashMap<>();
        jdbc.sql(sql.text("lock-partitions"))
                .param("ids", ids)
                .query(Integer.class)
                .list();
        jdbc.sql(sql.text("move-starts"))
                .param("partition_ids", ids)
                .param("start_offsets", starts.stream().map(Map.Entry::getValue).toArray(Long[]::new))
                .query(row -> {
                    moved.put(row.getInt(1), row.getLong(2));
                });
        return moved;
    }

    private void tell(int partitionId, long start) {
        changed(partitionId, start);
        publisher.publish(KIND, partitionId, start);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void changed(int partitionId, long start) {
        watchers.forEach(watcher -> watcher.started(partitionId, start));
    }

    /** Nothing to do: {@link PartitionChanges} looks at starts and ends alike. */
    @Override
    public Duration look(JdbcClient database) {
        return Duration.ofHours(1);
    }
}
