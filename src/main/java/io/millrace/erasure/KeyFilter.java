package io.millrace.erasure;

import io.millrace.rewrite.BatchMerger;
import io.millrace.rewrite.BatchSource;
import io.millrace.rewrite.StoredBatch;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the records of a partition but those of keys to be erased, and those before its start. Of the partition's last
 * record, its offset and timestamp stay: readers that read up to the end would wait for it.
 */
final class KeyFilter implements BatchSource.BatchVisitor {

    private final Map<ByteBuffer, Long> erasedBefore = new HashMap<>();
    private final long startOffset;
    private final long lastOffset;
    private final BatchMerger merger;

    /**
     * @param startOffset where the partition starts
     * @param lastOffset the offset of its last record
     */
    KeyFilter(int partitionId, List<PendingErasure> erasures, long startOffset, long lastOffset, BatchMerger merger) {
        for (PendingErasure erasure : erasures) {
            erasedBefore.merge(ByteBuffer.wrap(erasure.key()), erasure.before(partitionId), Math::max);
        }
        this.startOffset = startOffset;
        this.lastOffset = lastOffset;
        this.merger = merger;
    }

    @Override
    public void visit(StoredBatch stored) throws InterruptedException {
        for (int i = 0; i < stored.batch().count(); i++) {
            long offset = stored.batch().offset(i);
            if (offset < startOffset) {
                continue;
            }
            if (!isErased(stored.batch().key(i), offset)) {
                merger.keep(stored, i, stored.batch().value(i) == null ? stored.compactedAt() : null);
            } else if (offset == lastOffset) {
                merger.keepOffset(stored, i);
            }
        }
    }

    private boolean isErased(byte @Nullable [] key, long offset) {
        return key != null && offset < erasedBefore.getOrDefault(ByteBuffer.wrap(key), 0L);
    }
}
