package io.millrace.group;

import io.millrace.database.Columns;
import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Commits offsets of all members on a node: whatever comes while one transaction is under way goes with the next, in
 * one statement. Any thread may {@link #commit}; one thread calls {@link #round} again and again.
 */
final class CommitQueue {

    /** How long a round waits for a first commit, so that a loop that is told to stop does so soon. */
    private static final long TURN_MILLIS = 200;

    private static final int MOST_AT_ONCE = 10_000;

    /** @param epoch at which the partition became the owner's */
    record Row(
            int groupId,
            String owner,
            int partitionId,
            long epoch,
            long nextOffset,
            @Nullable String metadata) {

        /**
         * A position of a member.
         *
         * @param index of the position in its request
         * @throws HubException {@link HubError#STALE_MEMBER_EPOCH} if the partition is not the member's, or not since
         *     the position's epoch
         */
        static Row of(Assignment member, OffsetCommit position, int index) {
            Owned owned = member.find(position.name())
                    .filter(mine -> position.isFor(mine.epoch(), member.epoch()))
                    .orElseThrow(() -> position.notOwned(index));
            return new Row(
                    member.groupId(),
                    member.memberId(),
                    owned.partitionId(),
                    owned.epoch(),
                    position.nextOffset(),
                    position.metadata());
        }
    }

    private record Pending(List<Row> rows, CompletableFuture<Set<Integer>> done) {}

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final GroupMetrics metrics;
    private final GroupProperties properties;
    private final Sql sql = Sql.of(CommitQueue.class);
    private final LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger queued = new AtomicInteger();

    CommitQueue(JdbcClient jdbc, Transactions transactions, GroupMetrics metrics, GroupProperties properties) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.metrics = metrics;
        this.properties = properties;
    }

    /**
     * Queues commits.
     *
     * @return completes once they are stored, with the indexes of those that were not, as their partitions have other
     *     owners by now
     */
    CompletableFuture<Set<Integer>> commit(List<Row> rows) {
        if (queued.addAndGet(rows.size()) > properties.commitQueue()) {
            queued.addAndGet(-rows.size());
            return CompletableFuture.failedFuture(
                    new HubException(HubError.OVERLOADED, "too many commits wait on this node"));
        }
        Pending pending = new Pending(List.copyOf(rows), new CompletableFuture<>());
        queue.add(pending);
        return pending.done();
    }

    /** Waits a little for a commit and stores it with everything that is queued behind it. */
    void round() throws InterruptedException {
        Pending first = queue.poll(TURN_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
            return;
        }
        List<Pending> batch = new ArrayList<>();
        int count = 0;
        for (Pending next = first; next != null; next = count < MOST_AT_ONCE ? queue.poll() : null) {
            batch.add(next);
            count += next.rows().size();
        }
        queued.addAndGet(-count);
        store(batch);
    }

    private void store(List<Pending> batch) {
        List<Row> rows =
                batch.stream().flatMap(pending -> pending.rows().stream()).toList();
        Set<Long> stored;
        long start = System.nanoTime();
        try {
            stored = transactions.write(() -> new HashSet<>(jdbc.sql(sql.text("commit-offsets"))
                    .param("group_ids", Columns.of(rows, Row::groupId, Integer[]::new))
                    .param("partition_ids", Columns.of(rows, Row::partitionId, Integer[]::new))
                    .param("owners", Columns.of(rows, Row::owner, String[]::new))
                    .param("epochs", Columns.of(rows, Row::epoch, Long[]::new))
                    .param("next_offsets", Columns.of(rows, Row::nextOffset, Long[]::new))
                    .param("metadata", Columns.of(rows, Row::metadata, String[]::new))
                    .param("lease_ms", properties.lease().toMillis())
                    .query((row, _) -> row.getLong("ordinal"))
                    .list()));
        } catch (RuntimeException failure) {
            HubException told = HubException.of(failure, "the offsets could not be committed");
            batch.forEach(pending -> pending.done().completeExceptionally(told));
            if (!(failure instanceof HubException)) {
                throw failure;
            }
            return;
        }
        metrics.committed(stored.size(), rows.size() - stored.size(), System.nanoTime() - start);
        long ordinal = 1;
        for (Pending pending : batch) {
            Set<Integer> refused = new HashSet<>();
            for (int i = 0; i < pending.rows().size(); i++, ordinal++) {
                if (!stored.contains(ordinal)) {
                    refused.add(i);
                }
            }
            pending.done().complete(refused);
        }
    }

    /** What a member is told whose commits were stored but for some. */
    static HubException refused(List<OffsetCommit> positions, Set<Integer> refused) {
        return OffsetCommit.notOwned(refused.stream()
                .sorted()
                .map(index -> new Violation(
                        Place.field("offsets", index),
                        "not_owned",
                        "partition " + positions.get(index).name()
                                + " is another member's by now, or became the member's anew"))
                .toList());
    }
}
