package io.millrace.compaction;

import io.millrace.rewrite.BatchMerger;
import io.millrace.rewrite.BatchSource;
import io.millrace.rewrite.Rewriter;
import io.millrace.segment.Holding;
import io.millrace.segment.SegmentLedger;
import io.millrace.segment.SegmentStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Compacts partitions, for the one node that cleans. */
@Component
public class Compactor {

    private static final Logger log = LoggerFactory.getLogger(Compactor.class);

    /** Room for a million and a half keys. More take further passes over the keys, not more memory. */
    private static final long MAP_BYTES = 48L * 1024 * 1024;

    private final SegmentLedger ledger;
    private final Rewriter rewriter;

    Compactor(SegmentLedger ledger, Rewriter rewriter) {
        this.ledger = ledger;
        this.rewriter = rewriter;
    }

    /**
     * Compacts some of the partitions that are due, into one new segment.
     *
     * @param segmentBytes how large a segment becomes
     * @return the new segment; empty if none is due
     */
    public Optional<Integer> next(List<CompactedPartition> partitions, SegmentStore store, long segmentBytes)
            throws InterruptedException {
        long now = ledger.nowMillis();
        Map<Integer, List<Holding>> holdings = ledger.holdings(
                partitions.stream().map(CompactedPartition::partitionId).toList());
        Optional<CompactionPlan> plan = CompactionPlan.next(partitions, holdings, now, segmentBytes);
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(run(plan.get(), store, Instant.ofEpochMilli(now)));
    }

    private int run(CompactionPlan plan, SegmentStore store, Instant now) throws InterruptedException {
        TreeSet<Integer> replaced = new TreeSet<>();
        plan.partitions().forEach(due -> due.holdings().forEach(holding -> replaced.add(holding.segment())));
        int created = store.create(List.copyOf(replaced), plan.lastSegment());
        PartitionCompaction compaction = new PartitionCompaction(new KeyMap(MAP_BYTES), PartitionCompaction.WINDOW);
        BatchMerger.Output output = rewriter.writer(store, created);
        for (CompactionPlan.Due due : plan.partitions()) {
            compact(due, store, compaction, output, now);
        }
        List<Integer> ids = plan.partitions().stream()
                .map(due -> due.partition().partitionId())
                .toList();
        store.replace(created, List.copyOf(replaced), ids);
        log.info(
                "{} partitions are compacted up to the log's segment {}, in segment {}",
                ids.size(),
                plan.lastSegment(),
                created);
        return created;
    }

    private void compact(
            CompactionPlan.Due due,
            SegmentStore store,
            PartitionCompaction compaction,
            BatchMerger.Output output,
            Instant now)
            throws InterruptedException {
        int id = due.partition().partitionId();
        long start = due.holdings().getFirst().startOffset();
        BatchSource source = rewriter.source(
                store, id, due.holdings().stream().map(Holding::segment).toList(), start);
        CompactionTerms terms =
                new CompactionTerms(start, now, now.minusMillis(due.partition().deleteRetentionMs()), !due.followed());
        compaction.run(source, terms, new BatchMerger(id, output));
    }
}
