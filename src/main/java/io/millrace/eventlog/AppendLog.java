package io.millrace.eventlog;

import io.millrace.replication.Leader;
import java.sql.SQLException;
import java.util.List;

/** The log as writers see it. {@code AppendContract} tests what every implementation must do. */
public interface AppendLog {

    /** Opens a writer, which returns from a commit once the primary has flushed it. */
    Writer open(String name) throws SQLException;

    /** Appends slices. A writer belongs to one thread; after a failure its owner closes it and opens another. */
    interface Writer extends AutoCloseable {

        /**
         * Stores the slices in one transaction and returns once the primary has flushed it.
         *
         * @param slices at most one for each partition, in ascending order of partition id
         * @return a verdict for each slice, in the same order; slices of partitions that are gone do not keep the
         *     others from being stored
         * @throws AppendFailedException if the transaction failed or its outcome is unknown
         */
        List<Verdict> append(List<Slice> slices) throws AppendFailedException;

        /** Writes a little to the server's disk, as a commit would, and frees it again: fails if the disk is full. */
        void tryRoom() throws SQLException;

        /** Who commits what is appended here; the same for the writer's life. */
        Leader leader();

        /** Whether the server answers on this connection. */
        boolean alive();

        @Override
        void close();
    }
}
