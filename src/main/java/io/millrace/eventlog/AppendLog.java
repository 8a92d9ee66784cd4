package io.millrace.eventlog;

import java.sql.SQLException;
import java.util.List;

/** The log as those know it who append to it: what holds for every one of them is in {@code AppendContract}. */
public interface AppendLog {

    /** Opens a writer whose commits are answered once the primary has flushed them. */
    Writer open(String name) throws SQLException;

    /** Appends slices. One thread owns a writer; after a failure it is closed and a new one opened. */
    interface Writer extends AutoCloseable {

        /**
         * Stores the slices in one transaction and returns once the primary has flushed it.
         *
         * @param slices at most one for each partition, in ascending order of partition id
         * @return a verdict for each slice, in the same order: one that cannot be stored does not keep the others from
         *     it
         * @throws AppendFailedException if the transaction failed or nobody can tell
         */
        List<Verdict> append(List<Slice> slices) throws AppendFailedException;

        /** Takes a little room on the server's disk and gives it back, durably, as a commit would. */
        void tryRoom() throws SQLException;

        /** Asks the server for a sign of life. */
        boolean alive();

        @Override
        void close();
    }
}
