package io.millrace.compaction;

import io.millrace.segment.Holding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides which partitions are compacted, and up to which segment. Pure.
 *
 * <p>As in Kafka, a partition is due when at least half of what could be compacted has come since the last time
 * ({@code min.cleanable.dirty.ratio}): so what is rewritten is at most twice what has come. It is also due when
 * tombstones may go.
 *
 * @param lastSegment up to which the partitions are compacted
 * @param partitions what each has up to there
 */
record CompactionPlan(int lastSegment, List<Due> partitions) {

    /**
     * A partition that is due.
     *
     * @param holdings in the order of offsets, all of sealed segments
     * @param followed whether the partition has batches after these
     */
    record Due(CompactedPartition partition, List<Holding> holdings, boolean followed) {

        long bytes() {
            return holdings.stream().mapToLong(Holding::bytes).sum();
        }
    }

    /**
     * What to compact next: partitions that end in one segment, as many as fit into a new one, and at least one.
     *
     * @param holdings by partition id, in the order of offsets
     * @param nowMillis milliseconds since the epoch
     * @param segmentBytes how large a segment becomes
     */
    static Optional<CompactionPlan> next(
            List<CompactedPartition> partitions,
            Map<Integer, List<Holding>> holdings,
            long nowMillis,
            long segmentBytes) {
        Map<Integer, List<Due>> byLastSegment = new TreeMap<>();
        for (CompactedPartition partition : partitions) {
            List<Holding> all = holdings.getOrDefault(partition.partitionId(), List.of());
            List<Holding> sealed = compactable(all, partition, nowMillis);
            if (isDue(sealed, partition, nowMillis)) {
                byLastSegment
                        .computeIfAbsent(sealed.getLast().segment(), _ -> new ArrayList<>())
                        .add(new Due(partition, sealed, isFollowed(all, sealed.size())));
            }
        }
        return byLastSegment.entrySet().stream()
                .findFirst()
                .map(group -> new CompactionPlan(group.getKey(), fitting(group.getValue(), segmentBytes)));
    }

    /** The first segments of a partition that can no longer grow, as far as their records are old enough. */
    private static List<Holding> compactable(List<Holding> holdings, CompactedPartition partition, long nowMillis) {
        List<Holding> sealed = new ArrayList<>();
        for (Holding holding : holdings) {
            boolean tooNew = partition.minLagMs() > 0 && holding.newestMillis() > nowMillis - partition.minLagMs();
            if (!holding.sealed() || tooNew) {
                break;
            }
            sealed.add(holding);
        }
        return sealed;
    }

    private static boolean isFollowed(List<Holding> holdings, int from) {
        return holdings.subList(from, holdings.size()).stream().anyMatch(holding -> holding.bytes() > 0);
    }

    private static boolean isDue(List<Holding> sealed, CompactedPartition partition, long nowMillis) {
        long clean = 0;
        long dirty = 0;
        boolean tombstones = false;
        for (Holding holding : sealed) {
            if (holding.compacted()) {
                clean += holding.bytes();
            } else {
                dirty += holding.bytes();
            }
            tombstones |= holding.tombstonesSinceMillis() > 0
                    && holding.tombstonesSinceMillis() < nowMillis - partition.deleteRetentionMs();
        }
        return tombstones || (dirty > 0 && dirty >= clean);
    }

    private static List<Due> fitting(List<Due> group, long segmentBytes) {
        List<Due> some = new ArrayList<>();
        long bytes = 0;
        for (Due due : group) {
            bytes += due.bytes();
            if (!some.isEmpty() && bytes > segmentBytes) {
                break;
            }
            some.add(due);
        }
        return some;
    }
}
