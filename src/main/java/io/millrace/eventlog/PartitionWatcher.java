package io.millrace.eventlog;

import java.util.Collection;

/**
 * Waits for commits of any node, of which it is told the offsets only. Called from the one thread that listens for
 * other nodes, so an implementation must be quick and must not block.
 */
public interface PartitionWatcher {

    /** Some node has committed up to these bounds. The same or older bounds may be reported again. */
    void advanced(int partitionId, PartitionBounds bounds);

    /** Some node has committed up to this offset. An older offset may be reported again. */
    void advanced(int partitionId, long nextOffset);

    /** The partition starts at this offset now. An older offset may be reported again. */
    void started(int partitionId, long startOffset);

    /** Records of the partition have been erased: nothing that was read of it before may be kept. */
    void erased(int partitionId);

    /** The partition no longer exists. */
    void removed(int partitionId);

    /** All partitions that something is kept of, whether readers wait for them or not. */
    Collection<Integer> known();

    /** The partitions that readers on this node wait for now: only these are looked up in the database. */
    Collection<Integer> watched();
}
