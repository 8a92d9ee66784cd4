package io.millrace.eventlog;

import java.util.List;

/**
 * Is told of this node's commits, with their records. Called from the threads that commit, so an implementation must be
 * quick and must not block.
 */
@FunctionalInterface
public interface CommitListener {

    /** This node has committed these batches. Calls for one partition come in order of offsets. */
    void appended(List<RecordBatch> batches);
}
