package io.millrace.group;

import io.millrace.cluster.Node;
import io.millrace.database.Columns;
import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.eventlog.DeferredAnswers;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import io.millrace.eventlog.Partitions.Replicated;
import io.millrace.time.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Commits the offsets that come to a node: commits that arrive during one transaction go into the next, in one
 * statement, which also says what became of each position. Any thread may {@link #commit}; one thread calls
 * {@link #round} again and again.
 */
final class CommitQueue {

    /** How long a round waits for a first commit: a loop that is told to stop does so within that time. */
    private static final long POLL_NANOS = 200_000_000L;

    private static final int MOST_AT_ONCE = 10_000;

    /** Stands for the id of a partition that does not exist. */
    static final int NO_PARTITION = -1;

    /** @param partitionId or {@link #NO_PARTITION} */
    record Row(OffsetCommit position, int partitionId) {}

    /**
     * What a member commits, all of it or nothing.
     *
     * @param epoch the newest that the member knows; empty if it names none
     * @param checkEnds whether to refuse positions beyond the ends of their partitions
     */
    record Request(String group, String memberId, OptionalLong epoch, List<Row> rows, boolean checkEnds) {

        Request {
            rows = List.copyOf(rows);
        }
    }

    private record Pending(Request request, CompletableFuture<List<CommitVerdict>> done) {}

    /** A position, and the number of its request among those that are committed at once. */
    private record Line(int number, Request request, Row row) {}

    private final JdbcClient jdbc;
    private final Partitions partitions;
    private final Transactions transactions;
    private final GroupMetrics metrics;
    private final Node node;
    private final GroupProperties properties;
    private final Ticker ticker;
    private final Sql sql = Sql.of(CommitQueue.class);
    private final LinkedBlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger queued = new AtomicInteger();

    CommitQueue(
            JdbcClient jdbc,
            Partitions partitions,
            Transactions transactions,
            GroupMetrics metrics,
            Node node,
            GroupProperties properties,
            Ticker ticker) {
        this.jdbc = jdbc;
        this.partitions = partitions;
        this.transactions = transactions;
        this.metrics = metrics;
        this.node = node;
        this.properties = properties;
        this.ticker = ticker;
    }

    /**
     * Queues a commit.
     *
     * @return completes with what became of each position; they are stored if none was refused
     */
    CompletableFuture<List<CommitVerdict>> commit(Request request) {
        int size = request.rows().size();
        if (queued.addAndGet(size) > properties.commitQueue()) {
            queued.addAndGet(-size);
            return CompletableFuture.failedFuture(
                    new HubException(HubError.OVERLOADED, "too many commits wait on this node"));
        }
        Pending pending = new Pending(request, new CompletableFuture<>());
        queue.add(pending);
        return pending.done();
    }

    /** Waits a little for a commit and stores it, together with those that are queued after it. */
    void round() throws InterruptedException {
        Pending first = ticker.poll(queue, POLL_NANOS);
        if (first == null) {
            return;
        }
        List<Pending> batch = new ArrayList<>();
        int count = 0;
        for (Pending next = first; next != null; next = count < MOST_AT_ONCE ? queue.poll() : null) {
            batch.add(next);
            count += next.request().rows().size();
        }
        queued.addAndGet(-count);
        store(batch);
    }

    private void store(List<Pending> batch) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Request request = batch.get(i).request();
            for (Row row : request.rows()) {
                lines.add(new Line(i, request, row));
            }
        }
        Stored stored;
        long start = ticker.nanos();
        try {
            stored = transactions.write(() -> storeLines(lines));
        } catch (RuntimeException failure) {
            HubException told = HubException.of(failure, "the offsets could not be committed");
            batch.forEach(pending -> pending.done().completeExceptionally(told));
            if (!(failure instanceof HubException)) {
                throw failure;
            }
            return;
        }
        long took = ticker.nanos() - start;
        int count = 0;
        int from = 0;
        for (Pending pending : batch) {
            int to = from + pending.request().rows().size();
            List<CommitVerdict> own = List.copyOf(stored.verdicts().subList(from, to));
            count += own.stream().allMatch(CommitVerdict::isStored) ? own.size() : 0;
            complete(pending, own, stored);
            from = to;
        }
        long fenced = stored.verdicts().stream().filter(CommitVerdict::isFenced).count();
        metrics.committed(count, fenced, took);
    }

    /** A position survives what the records before it survive: it is committed when as many servers have it. */
    private static void complete(Pending pending, List<CommitVerdict> verdicts, Stored stored) {
        int most = pending.request().rows().stream()
                .mapToInt(row -> stored.copies().getOrDefault(row.partitionId(), 1))
                .max()
                .orElse(1);
        Replicated replicated = stored.replicated();
        if (most == 1 || replicated == null) {
            pending.done().complete(verdicts);
        } else {
            DeferredAnswers.complete(pending.done(), verdicts, replicated.by(most));
        }
    }

    /**
     * What a transaction has done.
     *
     * @param verdicts one for each line
     * @param copies how many servers must have a position, by partition id
     * @param replicated null if all ask for the primary alone
     */
    private record Stored(
            List<CommitVerdict> verdicts,
            Map<Integer, Integer> copies,
            @Nullable Replicated replicated) {}

    private Stored storeLines(List<Line> lines) {
        Map<Integer, PartitionBounds> ends = ends(lines);
        Map<Integer, Integer> copies = copiesOfUnchecked(lines);
        ends.forEach((partitionId, bounds) -> copies.put(partitionId, bounds.copies()));
        List<CommitVerdict> verdicts = store(lines, ends);
        boolean alone = copies.values().stream().allMatch(number -> number == 1);
        return new Stored(verdicts, copies, alone ? null : partitions.replicated());
    }

    /** The bounds of the partitions whose ends are checked. */
    private Map<Integer, PartitionBounds> ends(List<Line> lines) {
        Set<Integer> partitionIds = partitionIds(lines, true);
        return partitionIds.isEmpty() ? Map.of() : partitions.stored(partitionIds);
    }

    /** The copies that the other partitions ask for. */
    private Map<Integer, Integer> copiesOfUnchecked(List<Line> lines) {
        Set<Integer> partitionIds = partitionIds(lines, false);
        return partitionIds.isEmpty() ? new HashMap<>() : partitions.copies(partitionIds);
    }

    private static Set<Integer> partitionIds(List<Line> lines, boolean checkEnds) {
        return lines.stream()
                .filter(line -> line.request().checkEnds() == checkEnds)
                .map(line -> line.row().partitionId())
                .collect(Collectors.toSet());
    }

    private List<CommitVerdict> store(List<Line> lines, Map<Integer, PartitionBounds> ends) {
        return jdbc.sql(sql.text("commit-offsets"))
                .param("requests", Columns.of(lines, Line::number, Integer[]::new))
                .param("groups", Columns.of(lines, line -> line.request().group(), String[]::new))
                .param("members", Columns.of(lines, line -> line.request().memberId(), String[]::new))
                .param(
                        "member_epochs",
                        Columns.of(lines, line -> known(line.request().epoch()), Long[]::new))
                .param("partition_ids", Columns.of(lines, line -> line.row().partitionId(), Integer[]::new))
                .param("epochs", Columns.of(lines, line -> known(position(line).epoch()), Long[]::new))
                .param("next_offsets", Columns.of(lines, line -> position(line).nextOffset(), Long[]::new))
                .param("ends", Columns.of(lines, line -> end(line, ends), Long[]::new))
                .param("metadata", Columns.of(lines, line -> position(line).metadata(), String[]::new))
                .param("lease_ms", node.lease().toMillis())
                .query((row, _) -> new CommitVerdict(
                        CommitVerdict.Kind.of(row.getString("verdict")),
                        row.getLong("member_epoch"),
                        row.getLong("end_offset")))
                .list();
    }

    private static OffsetCommit position(Line line) {
        return line.row().position();
    }

    private static @Nullable Long end(Line line, Map<Integer, PartitionBounds> ends) {
        PartitionBounds bounds =
                line.request().checkEnds() ? ends.get(line.row().partitionId()) : null;
        return bounds == null ? null : bounds.end();
    }

    private static @Nullable Long known(OptionalLong epoch) {
        return epoch.isEmpty() ? null : epoch.getAsLong();
    }
}
