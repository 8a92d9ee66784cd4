package io.millrace.retention;

import io.millrace.compaction.CompactedPartition;
import io.millrace.compaction.Compactor;
import io.millrace.segment.SegmentStore;
import io.millrace.topic.PartitionRetention;
import io.millrace.topic.PartitionRetentions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Compacts the partitions of topics that ask for it. */
@Component
class Compactions {

    private final Compactor compactor;
    private final PartitionRetentions retentions;

    Compactions(Compactor compactor, PartitionRetentions retentions) {
        this.compactor = compactor;
        this.retentions = retentions;
    }

    /** Is told of each segment that holds what is left of some partitions. */
    @FunctionalInterface
    interface Created {
        void in(int segment) throws InterruptedException;
    }

    /**
     * Compacts the partitions that are due.
     *
     * @param segmentBytes how large a segment becomes
     */
    void run(SegmentStore store, long segmentBytes, Created created) throws InterruptedException {
        for (List<PartitionRetention> page : retentions.pages()) {
            List<CompactedPartition> partitions = compacted(page);
            Optional<Integer> segment = compactor.next(partitions, store, segmentBytes);
            while (segment.isPresent()) {
                created.in(segment.get());
                segment = compactor.next(partitions, store, segmentBytes);
            }
            store.touch();
        }
    }

    private static List<CompactedPartition> compacted(List<PartitionRetention> retentions) {
        List<CompactedPartition> compacted = new ArrayList<>();
        for (PartitionRetention retention : retentions) {
            PartitionRetention.Compaction how = retention.compaction();
            if (how.enabled()) {
                compacted.add(new CompactedPartition(retention.partitionId(), how.deleteRetentionMs(), how.minLagMs()));
            }
        }
        return compacted;
    }
}
