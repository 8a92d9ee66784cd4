package io.millrace.retention;

import io.millrace.eventlog.PartitionStarts;
import io.millrace.segment.Holding;
import io.millrace.segment.SegmentLedger;
import io.millrace.segment.SegmentLedger.Search;
import io.millrace.topic.PartitionRetention;
import io.millrace.topic.PartitionRetentions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Moves the starts of partitions past what their retention lets go. Exact to the batch: a batch is kept as long as its
 * newest record has to be. Blocks.
 */
@Component
class Expiry {

    private static final int PARTITIONS_AT_ONCE = 500;

    private final SegmentLedger ledger;
    private final PartitionRetentions retentions;
    private final PartitionStarts starts;

    Expiry(SegmentLedger ledger, PartitionRetentions retentions, PartitionStarts starts) {
        this.ledger = ledger;
        this.retentions = retentions;
        this.starts = starts;
    }

    /**
     * Moves the starts of all partitions past what has expired.
     *
     * @param between called between any two transactions
     * @return how many start later now
     */
    int run(Runnable between) {
        long now = ledger.nowMillis();
        int moved = 0;
        List<PartitionRetention> page = retentions.page(0, PARTITIONS_AT_ONCE);
        while (!page.isEmpty()) {
            moved += starts.move(starts(page, now)).size();
            between.run();
            page = retentions.page(page.getLast().partitionId(), PARTITIONS_AT_ONCE);
        }
        return moved;
    }

    /**
     * The new starts.
     *
     * @param nowMillis milliseconds since the epoch, by PostgreSQL's clock
     * @return by partition id; partitions of which nothing goes are left out
     */
    Map<Integer, Long> starts(Collection<PartitionRetention> retentions, long nowMillis) {
        List<PartitionRetention> expiring =
                retentions.stream().filter(PartitionRetention::expires).toList();
        Map<Integer, List<Holding>> holdings = ledger.holdings(
                expiring.stream().map(PartitionRetention::partitionId).toList());
        Map<Integer, List<Cut>> bySegment = new HashMap<>();
        for (PartitionRetention retention : expiring) {
            List<Holding> held = holdings.getOrDefault(retention.partitionId(), List.of());
            for (Cut cut : Cut.of(retention, held, nowMillis)) {
                bySegment
                        .computeIfAbsent(cut.holding().segment(), _ -> new ArrayList<>())
                        .add(cut);
            }
        }
        Map<Integer, Long> found = new HashMap<>();
        bySegment.forEach((segment, cuts) -> search(segment, cuts, found));
        return found;
    }

    private void search(int segment, List<Cut> cuts, Map<Integer, Long> found) {
        List<Search> byAge = new ArrayList<>();
        List<Search> bySize = new ArrayList<>();
        for (Cut cut : cuts) {
            Holding held = cut.holding();
            long start = Math.max(held.startOffset(), held.firstOffset());
            switch (cut) {
                case Cut.ByAge age -> byAge.add(new Search(held.partitionId(), start, age.oldestMillis()));
                case Cut.BySize size ->
                    bySize.add(new Search(held.partitionId(), held.countedFrom(), size.excessBytes()));
            }
        }
        Map<Integer, Long> newer = byAge.isEmpty() ? Map.of() : ledger.firstNewer(segment, byAge);
        Map<Integer, Long> within = bySize.isEmpty() ? Map.of() : ledger.firstWithin(segment, bySize);
        for (Cut cut : cuts) {
            Holding held = cut.holding();
            long start = (cut instanceof Cut.ByAge ? newer : within).getOrDefault(held.partitionId(), cut.end());
            if (start > held.startOffset()) {
                found.merge(held.partitionId(), start, Math::max);
            }
        }
    }
}
