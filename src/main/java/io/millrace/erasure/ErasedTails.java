package io.millrace.erasure;

import io.millrace.cluster.ChangePublisher;
import io.millrace.cluster.ChangeSubscriber;
import io.millrace.database.Sql;
import io.millrace.eventlog.PartitionWatcher;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes all nodes forget what they have read of partitions from which records have been erased. Nodes tell each other;
 * whoever missed a message looks for what was erased lately, and forgets everything when it has been cut off.
 */
@Component
class ErasedTails implements ChangeSubscriber {

    private static final String KIND = "erased";

    /** Well below the time that select-erased-partitions.sql looks back. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final ChangePublisher publisher;
    private final List<PartitionWatcher> watchers;
    private final Sql sql = Sql.of(ErasedTails.class);
    private @Nullable JdbcClient feed;

    ErasedTails(ChangePublisher publisher, List<PartitionWatcher> watchers) {
        this.publisher = publisher;
        this.watchers = watchers;
    }

    /** From now on, whoever reads these partitions from the database does not find what has been erased. */
    void erased(Collection<Integer> partitionIds) {
        for (int id : partitionIds) {
            forget(id);
            publisher.publish(KIND, id, 0);
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void changed(int partitionId, long version) {
        forget(partitionId);
    }

    @Override
    public Duration look(JdbcClient database) {
        if (database != feed) {
            watchers.forEach(watcher -> watcher.known().forEach(watcher::erased));
            feed = database;
        }
        database.sql(sql.text("select-erased-partitions"))
                .query(Integer.class)
                .list()
                .forEach(this::forget);
        return INTERVAL;
    }

    private void forget(int partitionId) {
        watchers.forEach(watcher -> watcher.erased(partitionId));
    }
}
