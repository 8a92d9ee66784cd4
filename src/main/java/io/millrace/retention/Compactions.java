package io.millrace.retention;

import io.millrace.compaction.CompactedPartition;
import io.millrace.compaction.Compactor;
import io.millrace.segment.SegmentStore;
import io.millrace.topic.PartitionRetention;
import io.millrace.topic.PartitionRetentions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Compacts the partitions of topics that ask for it, some at a time. */
@Component
class Compactions {

    private static final int PARTITIONS_AT_ONCE = 500;

    private final Compactor compactor;
    private final PartitionRetentions retentions;

    Compactions(Compactor compactor, PartitionRetentions retentions) {
        this.compactor = compactor;
        this.retentions = retentions;
    }

    /**
     * Compacts some of the partitions that are due.
     *
     * @param segmentBytes how large a segment becomes
     * @return the segment that holds what is left of them; empty if none is due
     */
    Optional<Integer> next(SegmentStore store, long segmentBytes) throws SQLException, InterruptedException {
        List<PartitionRetention> page = retentions.page(0, PARTITIONS_AT_ONCE);
        while (!page.isEmpty()) {
            Optional<Integer> created = compactor.next(compacted(page), store, segmentBytes);
            if (created.isPresent()) {
                return created;
            }
            store.touch();
            page = retentions.page(page.getLast().partitionId(), PARTITIONS_AT_ONCE);
        }
        return Optional.empty();
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
