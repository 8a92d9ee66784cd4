package io.millrace.fetch;

import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import java.util.List;

/**
 * Batches as they were read from the database.
 *
 * @param bounds of the partition, read after the batches: what retention took away before or while they were read lies
 *     below its start
 */
record HistoryPage(List<RecordBatch> batches, PartitionBounds bounds) {}
