package io.millrace.eventlog;

/**
 * Records for one partition that are stored together, in order and without gaps, or not at all, and that get one
 * {@link Verdict}. Requests without conditions of their own may share a slice.
 */
public record Slice(int partitionId, RecordColumns columns) {

    /** The slice as a stored batch, once its first offset is known. */
    public RecordBatch at(long baseOffset) {
        return new RecordBatch(partitionId, baseOffset, null, columns);
    }
}
