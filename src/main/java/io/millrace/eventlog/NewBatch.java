package io.millrace.eventlog;

/** Records to be appended to one partition, in order and without gaps. */
public record NewBatch(int partitionId, RecordColumns columns) {

    /** The batch as stored, once its first offset is known. */
    public RecordBatch at(long baseOffset) {
        return new RecordBatch(partitionId, baseOffset, null, columns);
    }
}
