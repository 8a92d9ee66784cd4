package io.millrace.eventlog;

import java.util.Collection;

/**
 * Waits for what any node commits, and hears of it by offsets alone. Called from the thread that listens, so an
 * implementation must be quick and must not block.
 */
public interface PartitionWatcher {

    /** Some node has committed up to here; the same or older bounds may be told again. */
    void advanced(int partitionId, PartitionBounds bounds);

    /** Some node has committed up to here; an older offset may be told again. */
    void advanced(int partitionId, long nextOffset);

    /** The partition does not exist any more. */
    void removed(int partitionId);

    /** The partitions that somebody on this node waits for at this moment: the ones worth asking the database about. */
    Collection<Integer> watched();
}
