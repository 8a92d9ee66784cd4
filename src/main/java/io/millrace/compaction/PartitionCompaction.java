package io.millrace.compaction;

import io.millrace.rewrite.BatchMerger;
import io.millrace.rewrite.BatchSource;
import io.millrace.rewrite.StoredBatch;
import java.time.Instant;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Compacts a partition: keeps the last record of each key, and records without a key. Tombstones go when they have been
 * seen by an earlier compaction long enough ago, so that whoever had read the record that they delete had that time to
 * read them. The last record of the partition stays whatever it is: readers that read up to the end would wait for it.
 * Offsets and order stay as they are.
 */
final class PartitionCompaction {

    /** Records of one window: their bits take at most 16 MiB. */
    static final int WINDOW = 1 << 27;

    private final Superseded superseded;
    private final int window;

    /** @param window the most records whose bits are held at once */
    PartitionCompaction(KeyMap map, int window) {
        this.superseded = new Superseded(map);
        this.window = window;
    }

    /** Hands over what is kept of the source. */
    void run(BatchSource source, CompactionTerms terms, BatchMerger merger) throws InterruptedException {
        Filter filter = new Filter(source, terms, merger, source.records());
        source.read(filter);
        merger.finish();
    }

    private final class Filter implements BatchSource.BatchVisitor {

        private final BatchSource source;
        private final CompactionTerms terms;
        private final BatchMerger merger;
        private final long records;
        private @Nullable BitSet dead;
        private long deadFrom;
        private long ordinal;

        Filter(BatchSource source, CompactionTerms terms, BatchMerger merger, long records) {
            this.source = source;
            this.terms = terms;
            this.merger = merger;
            this.records = records;
        }

        @Override
        public void visit(StoredBatch batch) throws InterruptedException {
            for (int i = 0; i < batch.batch().count(); i++, ordinal++) {
                boolean last = terms.keepsLast() && ordinal == records - 1;
                if (batch.batch().offset(i) < terms.startOffset() || isDead()) {
                    continue;
                }
                Instant since = null;
                if (batch.batch().value(i) == null) {
                    Instant seen = batch.compactedAt();
                    boolean goes = seen != null && seen.isBefore(terms.tombstonesBefore());
                    if (goes && !last) {
                        continue;
                    }
                    // Without a date, the partition is not due for the sake of this one.
                    since = goes ? null : seen == null ? terms.runAt() : seen;
                }
                merger.keep(batch, i, since);
            }
        }

        private boolean isDead() throws InterruptedException {
            BitSet known = dead;
            if (known == null || ordinal - deadFrom >= window) {
                deadFrom = ordinal;
                known = superseded.find(source, deadFrom, window);
                dead = known;
            }
            return known.get((int) (ordinal - deadFrom));
        }
    }
}
