package io.millrace.rewrite;

import io.millrace.database.Sql;
import io.millrace.segment.SegmentStore;
import java.util.List;
import org.springframework.stereotype.Component;

/** Reads partitions out of sealed segments, and fills others, for the one node that cleans. */
@Component
public class Rewriter {

    private final Sql sql = Sql.of(Rewriter.class);

    /**
     * A partition's batches in sealed segments, read in pages.
     *
     * @param segments in the order of offsets
     * @param startOffset batches that end before are left out
     */
    public BatchSource source(SegmentStore store, int partitionId, List<Integer> segments, long startOffset) {
        return new SegmentSource(store, sql, partitionId, segments, startOffset);
    }

    /** Writes to a segment that is being filled, each batch in a transaction of its own. */
    public BatchMerger.Output writer(SegmentStore store, int segment) {
        return new SegmentWriter(store, sql, segment);
    }
}
