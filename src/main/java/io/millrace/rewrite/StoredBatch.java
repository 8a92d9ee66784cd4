package io.millrace.rewrite;

import io.millrace.eventlog.RecordBatch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A batch with what only the table knows of it.
 *
 * @param highTimestamp the largest timestamp in the partition up to the end of the batch
 * @param compactedAt when compaction first saw its tombstones; null: it has not, or there are none
 */
public record StoredBatch(
        RecordBatch batch,
        Instant appendedAt,
        long highTimestamp,
        @Nullable Instant compactedAt) {}
