package io.millrace.erasure;

import io.millrace.database.Sql;
import io.millrace.eventlog.BinaryArrays;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import io.millrace.rewrite.BatchMerger;
import io.millrace.rewrite.Rewriter;
import io.millrace.segment.Segment;
import io.millrace.segment.Segment.State;
import io.millrace.segment.SegmentLedger;
import io.millrace.segment.SegmentStore;
import io.millrace.segment.Segments.Step;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Erases keys, for the one node that cleans. Everything that it knows is in rows: which segments hold a key is found
 * once, in all tables and in dead batches too, and saved. Each of these segments is replaced by one without the key
 * when it no longer grows. A key is erased when the tables of all of them are gone.
 *
 * <p>Between the search and that moment nothing else copies a batch out of these segments: of sealed segments alone
 * batches are copied, and whoever copies them lets this go first.
 */
@Component
public class Eraser {

    private static final Logger log = LoggerFactory.getLogger(Eraser.class);
    private static final int PAGE_BATCHES = 2_000;

    private final SegmentLedger ledger;
    private final Partitions partitions;
    private final Rewriter rewriter;
    private final ErasedTails tails;
    private final JdbcClient pool;
    private final Sql sql = Sql.of(Eraser.class);

    Eraser(SegmentLedger ledger, Partitions partitions, Rewriter rewriter, ErasedTails tails, JdbcClient pool) {
        this.ledger = ledger;
        this.partitions = partitions;
        this.rewriter = rewriter;
        this.tails = tails;
        this.pool = pool;
    }

    /** How many keys have been asked to be erased, and may not be gone yet. */
    public long pending() {
        return pool.sql(sql.text("count-pending")).query(Long.class).single();
    }

    /**
     * Replaces a sealed segment that holds keys to be erased. If none does, but the one that grows does, has the next
     * segment begun. To be called, until it returns none, before anything else copies batches in the same round.
     *
     * @return the segment that has taken its place
     */
    public Optional<Integer> next(SegmentStore store) throws InterruptedException {
        List<PendingErasure> unsearched = unsearched(store);
        while (!unsearched.isEmpty()) {
            search(store, unsearched);
            unsearched = unsearched(store);
        }
        Set<Integer> holding = Set.copyOf(client(store)
                .sql(sql.text("select-holding-segments"))
                .query(Integer.class)
                .list());
        for (Segment segment : ledger.segments()) {
            if (holding.contains(segment.number())) {
                if (segment.state() == State.SEALED) {
                    return Optional.of(replace(store, segment.number()));
                }
                if (segment.state() == State.OPEN && !segment.complete()) {
                    store.rollEarly(segment);
                }
            }
        }
        return Optional.empty();
    }

    /** Writes down which keys are gone by now, and forgets them. */
    public void finish(SegmentStore store) {
        int erased = client(store).sql(sql.text("finish-erasures")).update();
        if (erased > 0) {
            log.info("keys erased from the log: {}", erased);
        }
    }

    private List<PendingErasure> unsearched(SegmentStore store) {
        return pending(store, null);
    }

    /**
     * The oldest, as many as can be done at once.
     *
     * @param segment those that it holds; null: those that have not been searched for
     */
    private List<PendingErasure> pending(SegmentStore store, @Nullable Integer segment) {
        return client(store)
                .sql(sql.text("select-erasures"))
                .param("segment", segment)
                .query((row, _) -> PendingErasure.of(row))
                .list();
    }

    private void search(SegmentStore store, List<PendingErasure> erasures) throws InterruptedException {
        Map<Integer, Map<Integer, Long>> bySegment = new LinkedHashMap<>();
        for (Segment segment : ledger.segments()) {
            bySegment.put(segment.number(), holding(store, segment.number(), erasures));
        }
        for (PendingErasure erasure : erasures) {
            Integer[] segments = bySegment.entrySet().stream()
                    .filter(segment -> erasure.isIn(segment.getValue()))
                    .map(Map.Entry::getKey)
                    .toArray(Integer[]::new);
            client(store)
                    .sql(sql.text("save-segments"))
                    .param("erasure_id", erasure.id())
                    .param("segments", segments)
                    .update();
        }
    }

    private int replace(SegmentStore store, int segment) throws InterruptedException {
        List<PendingErasure> erasures = pending(store, segment);
        client(store)
                .sql(sql.text("search-again"))
                .param("segment", segment)
                .param("after", erasures.getLast().id())
                .update();
        Set<Integer> holding = holding(store, segment, erasures).keySet();
        int created = store.create(List.of(segment), segment);
        store.copy(segment, created, holding);
        BatchMerger.Output output = rewriter.writer(store, created);
        Map<Integer, PartitionBounds> bounds = partitions.stored(holding);
        for (Map.Entry<Integer, PartitionBounds> partition : bounds.entrySet()) {
            int id = partition.getKey();
            long start = partition.getValue().start();
            BatchMerger merger = new BatchMerger(id, output);
            KeyFilter filter =
                    new KeyFilter(id, erasures, start, partition.getValue().end() - 1, merger);
            rewriter.source(store, id, List.of(segment), start).read(filter);
            merger.finish();
        }
        store.replace(created, List.of(segment), null);
        tails.erased(holding);
        log.info("segment {} replaces the log's segment {}, without keys that shall be erased", created, segment);
        return created;
    }

    private record Found(int partitionId, long lastOffset, long firstOffset, boolean holds) {}

    /**
     * The partitions that have one of the keys in a segment's table.
     *
     * @return by partition id, where the first batch that holds one begins
     */
    private Map<Integer, Long> holding(SegmentStore store, int segment, List<PendingErasure> erasures)
            throws InterruptedException {
        String find = store.onTable(segment, sql.text("find-keys"));
        byte[][] keys = erasures.stream().map(PendingErasure::key).toArray(byte[][]::new);
        Integer[] ids = erasures.stream()
                .flatMapToInt(erasure -> Arrays.stream(erasure.partitionIds()))
                .distinct()
                .sorted()
                .boxed()
                .toArray(Integer[]::new);
        Map<Integer, Long> holding = new TreeMap<>();
        @Nullable Found last = new Found(0, -1, 0, false);
        while (last != null) {
            Found after = last;
            List<Found> page = store.jdbc()
                    .query(
                            find,
                            statement -> bind(statement, keys, ids, after),
                            (row, _) -> new Found(row.getInt(1), row.getLong(2), row.getLong(3), row.getBoolean(4)));
            for (Found batch : page) {
                if (batch.holds()) {
                    holding.merge(batch.partitionId(), batch.firstOffset(), Math::min);
                }
            }
            store.breaks().after(Step.COPIED);
            last = page.size() < PAGE_BATCHES ? null : page.getLast();
        }
        return holding;
    }

    private static void bind(PreparedStatement find, byte[][] keys, Integer[] ids, Found after) throws SQLException {
        BinaryArrays.set(find, 1, keys);
        find.setInt(2, after.partitionId());
        find.setLong(3, after.lastOffset());
        find.setInt(4, ids[ids.length - 1]);
        find.setArray(5, find.getConnection().createArrayOf("int4", ids));
        find.setInt(6, PAGE_BATCHES);
    }

    private static JdbcClient client(SegmentStore store) {
        return JdbcClient.create(store.jdbc());
    }
}
