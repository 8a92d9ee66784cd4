package io.millrace.retention;

import io.millrace.segment.Holding;
import io.millrace.topic.PartitionRetention;
import io.millrace.topic.TopicConfig;
import java.util.ArrayList;
import java.util.List;

/** How far retention reaches into a partition: everything before the segment, and so much of the segment itself. */
sealed interface Cut {

    /** Where the partition leaves the segment, as far as is known: its start if all in the segment may go. */
    long end();

    Holding holding();

    /** @param oldestMillis batches whose age counts from this time or later are kept, and all after them */
    record ByAge(Holding holding, long end, long oldestMillis) implements Cut {}

    /** @param excessBytes at most as much of the segment may go */
    record BySize(Holding holding, long end, long excessBytes) implements Cut {}

    /**
     * The cuts that a partition's retention asks for; the one that reaches further counts.
     *
     * @param holdings in the order of offsets
     * @param nowMillis milliseconds since the epoch
     */
    static List<Cut> of(PartitionRetention retention, List<Holding> holdings, long nowMillis) {
        List<Cut> cuts = new ArrayList<>();
        if (retention.retentionMs() != TopicConfig.UNLIMITED) {
            byAge(holdings, nowMillis - retention.retentionMs(), cuts);
        }
        if (retention.retentionBytes() != TopicConfig.UNLIMITED) {
            bySize(holdings, retention.retentionBytes(), cuts);
        }
        return cuts;
    }

    /** The first segment that may hold a batch to keep, and what there is live before it. */
    private static void byAge(List<Holding> holdings, long oldestMillis, List<Cut> cuts) {
        for (int i = 0; i < holdings.size(); i++) {
            Holding holding = holdings.get(i);
            long end = endOf(holdings, i);
            boolean last = i == holdings.size() - 1;
            boolean counted = holding.sealed() || holding.countedTo() >= end;
            boolean dead = holding.startOffset() >= end || holding.newestMillis() < oldestMillis;
            if (last || !counted || !dead) {
                cuts.add(new ByAge(holding, end, oldestMillis));
                return;
            }
        }
    }

    private static void bySize(List<Holding> holdings, long keptBytes, List<Cut> cuts) {
        long newer = 0;
        for (int i = holdings.size() - 1; i >= 0; i--) {
            Holding holding = holdings.get(i);
            if (newer + holding.bytes() > keptBytes) {
                cuts.add(new BySize(holding, endOf(holdings, i), newer + holding.bytes() - keptBytes));
                return;
            }
            newer += holding.bytes();
        }
    }

    private static long endOf(List<Holding> holdings, int i) {
        return i == holdings.size() - 1
                ? holdings.get(i).countedTo()
                : holdings.get(i + 1).firstOffset();
    }
}
