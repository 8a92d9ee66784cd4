package io.millrace.fetch;

import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import java.util.List;

/**
 * Batches that were read from the database.
 *
 * @param bounds the partition's bounds, read after the batches: records that retention removed before or while the
 *     batches were read lie below the start
 */
record HistoryPage(List<RecordBatch> batches, PartitionBounds bounds) {}
