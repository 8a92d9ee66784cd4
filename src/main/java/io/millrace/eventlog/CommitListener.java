package io.millrace.eventlog;

import java.util.Collection;
import java.util.List;

/**
 * Hears of commits: this node's with their records, every other node's by their offsets alone. Called from the threads
 * that commit and listen, so an implementation must be quick and must not block.
 */
public interface CommitListener {

    /** This node committed these batches. For one partition, calls come in order of offsets. */
    void appended(List<RecordBatch> batches);

    /** Some node has committed up to here; the same or older bounds may be told again. */
    void advanced(int partitionId, PartitionBounds bounds);

    /** Some node has committed up to here; an older offset may be told again. */
    void advanced(int partitionId, long nextOffset);

    /** The partition does not exist any more. */
    void removed(int partitionId);

    /** The partitions that somebody on this node waits for at this moment: the ones worth asking the database about. */
    Collection<Integer> watched();
}
