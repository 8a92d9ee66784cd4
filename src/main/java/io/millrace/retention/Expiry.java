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
        for (List<PartitionRetention> page : retentions.pages()) {
            List<PartitionRetention> expiring =
                    page.stream().filter(PartitionRetention::expires).toList();
            Map<Integer, List<Holding>> holdings = ledger.holdings(
                    expiring.stream().map(PartitionRetention::partitionId).toList());
            moved += starts.move(starts(expiring, holdings, now)).size();
            between.run();
        }
        return moved;
    }

    /**
     * The new starts.
     *
     * @param holdings what these partitions have, by partition id
     * @param nowMillis milliseconds since the epoch, by PostgreSQL's clock
     * @return by partition id; partitions of which nothing goes are left out
     */
    Map<Integer, Long> starts(
            Collection<PartitionRetention> retentions, Map<Integer, List<Holding>> holdings, long nowMillis) {
        Map<Integer, List<Cut>> bySegment = new HashMap<>();
        for (PartitionRetention retention : retentions) {
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
