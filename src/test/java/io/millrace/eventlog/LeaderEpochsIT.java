package io.millrace.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.replication.Leader;
import io.millrace.testing.TestPostgres;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Epochs on a database that says that another server has led it before. */
class LeaderEpochsIT {

    private final TestLog log = new TestLog(TestPostgres.newDatabase());
    private final HighWatermarks highWatermarks = TestHighWatermarks.unused();
    private final List<Integer> told = new ArrayList<>();
    private final Map<Integer, PartitionBounds> refreshed = new TreeMap<>();

    @Test
    void theFirstLeaderRaisesNothing() throws Exception {
        int partition = log.partition();
        log.append(partition, 1, "1");

        Leader leader = ensure(epochs());

        assertThat(leaders()).containsExactly("0 " + leader.timeline());
        assertThat(log.bounds(partition).leaderEpoch()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void anotherTimelineBeginsAnEpochWhereEachPartitionEnds() throws Exception {
        int empty = log.partition();
        int full = log.partition();
        log.append(full, 1, "1", "2", "3");
        int timeline = ensure(epochs()).timeline();
        log.jdbc.sql("update millrace.leader set timeline = timeline + 7").update();

        ensure(epochs(empty, full));

        assertThat(leaders()).containsExactly("0 " + (timeline + 7), "1 " + timeline);
        assertThat(told).containsExactly(1);
        assertThat(log.bounds(full).epoch()).isEqualTo(new PartitionBounds.Epoch(1, 3));
        assertThat(log.bounds(empty).epoch()).isEqualTo(new PartitionBounds.Epoch(1, 0));
        assertThat(refreshed).containsOnlyKeys(empty, full);
        assertThat(refreshed.get(full).leaderEpoch()).isEqualTo(1);

        log.append(full, 1, "4");
        assertThat(log.bounds(full).epoch()).isEqualTo(new PartitionBounds.Epoch(1, 3));
        assertThat(log.bounds(full).end()).isEqualTo(4);
    }

    /** Its id may be that of a partition which only the former leader had. */
    @Test
    void aNewPartitionBeginsInTheCurrentEpoch() throws Exception {
        ensure(epochs());
        log.jdbc.sql("update millrace.leader set timeline = 0").update();
        ensure(epochs());

        assertThat(log.bounds(log.partition()).epoch()).isEqualTo(new PartitionBounds.Epoch(1, 0));
    }

    @Test
    void everyTimelineHasItsEpochAlsoIfTheLogDoesNotKnowOfThoseBetween() throws Exception {
        int partition = log.partition();
        log.append(partition, 1, "1");
        ensure(epochs());
        log.jdbc.sql("update millrace.leader set timeline = timeline - 3").update();

        ensure(epochs());

        assertThat(told).containsExactly(3);
        assertThat(log.bounds(partition).epoch()).isEqualTo(new PartitionBounds.Epoch(3, 1));
    }

    @Test
    void anotherSystemBeginsAnEpoch() throws Exception {
        ensure(epochs());
        log.jdbc.sql("update millrace.leader set system_identifier = 1").update();

        ensure(epochs());

        assertThat(told).containsExactly(1);
    }

    @Test
    void ofTwoNodesOneRaisesTheEpoch() throws Exception {
        int partition = log.partition();
        ensure(epochs());
        log.jdbc.sql("update millrace.leader set timeline = 0").update();

        CompletableFuture<?>[] nodes = new CompletableFuture<?>[4];
        for (int i = 0; i < nodes.length; i++) {
            LeaderEpochs epochs = new LeaderEpochs(List.of(), List.of(), highWatermarks, Ticker.SYSTEM);
            nodes[i] = CompletableFuture.runAsync(() -> {
                try {
                    ensure(epochs);
                } catch (SQLException failure) {
                    throw new AssertionError(failure);
                }
            });
        }
        CompletableFuture.allOf(nodes).join();

        assertThat(leaders()).hasSize(2);
        assertThat(log.bounds(partition).leaderEpoch()).isEqualTo(1);
    }

    @Test
    void aRaiseThatFailsChangesNothing() throws Exception {
        int partition = log.partition();
        ensure(epochs());
        log.jdbc.sql("update millrace.leader set timeline = 0").update();
        LeaderEpochs broken = new LeaderEpochs(
                List.of((_, _) -> {
                    throw new SQLException("broken");
                }),
                List.of(),
                highWatermarks,
                Ticker.SYSTEM);

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ensure(broken)))
                .hasMessage("broken");

        assertThat(leaders()).hasSize(1);
        assertThat(log.bounds(partition).leaderEpoch()).isZero();
    }

    /** They may be on standbys, but the promoted one did not have them. */
    @Test
    void savedHighWatermarksAreLoweredToWhereTheEpochBegins() throws Exception {
        int partition = log.partition();
        log.append(partition, 1, "1", "2");
        ensure(epochs());
        log.jdbc
                .sql("insert into millrace.replicated_end values (?, 9)")
                .param(partition)
                .update();
        log.jdbc.sql("update millrace.leader set timeline = 0").update();

        ensure(epochs());

        assertThat(log.jdbc
                        .sql("select next_offset from millrace.replicated_end")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    private LeaderEpochs epochs(Integer... known) {
        return new LeaderEpochs(
                List.of((_, epoch) -> told.add(epoch)),
                List.of(new Watcher(List.of(known))),
                highWatermarks,
                Ticker.SYSTEM);
    }

    private Leader ensure(LeaderEpochs epochs) throws SQLException {
        try (Connection connection = log.connections.open("test", "")) {
            return epochs.ensure(connection);
        }
    }

    private List<String> leaders() {
        return log.jdbc
                .sql("select leader_epoch || ' ' || timeline from millrace.leader order by leader_epoch")
                .query(String.class)
                .list();
    }

    private final class Watcher implements PartitionWatcher {

        private final List<Integer> known;

        Watcher(List<Integer> known) {
            this.known = known;
        }

        @Override
        public void advanced(int partitionId, PartitionBounds bounds) {
            refreshed.put(partitionId, bounds);
        }

        @Override
        public void advanced(int partitionId, long nextOffset) {
            throw new AssertionError("bounds are reported whole");
        }

        @Override
        public void started(int partitionId, long startOffset) {
            throw new AssertionError("bounds are reported whole");
        }

        @Override
        public void erased(int partitionId) {
            throw new AssertionError("nothing was erased");
        }

        @Override
        public void removed(int partitionId) {
            throw new AssertionError("no partition is removed");
        }

        @Override
        public Collection<Integer> known() {
            return known;
        }

        @Override
        public Collection<Integer> watched() {
            return List.of();
        }
    }
}
