package io.millrace.eventlog;

/**
 * Records for one partition that are stored together or not at all, and that get one {@link Verdict}: in order and
 * without gaps. Requests that ask for nothing more of the log than to be stored may share a slice.
 */
public record Slice(int partitionId, RecordColumns columns) {

    /** The slice as it is stored, once its first offset is known. */
    public RecordBatch at(long baseOffset) {
        return new RecordBatch(partitionId, baseOffset, null, columns);
    }
}
