package io.millrace.faults;

import java.util.Map;
import java.util.Set;

/**
 * What happened to a group, as the clients saw it. A session is one connection of a client; on one connection it may be
 * one member after another, each with an id of the hub's. All times are {@link System#nanoTime} of this JVM.
 */
sealed interface GroupEvent {

    long at();

    /** @param nextOffsets of the partitions that were added */
    record Assigned(long at, String session, String member, Map<Integer, Long> nextOffsets) implements GroupEvent {}

    /** A record was received. */
    record Delivered(long at, String session, int partition, long epoch, long offset) implements GroupEvent {}

    record Processed(long at, String session, int partition, long offset, Mark mark) implements GroupEvent {}

    record Revoked(long at, String session, Set<Integer> partitions, String reason) implements GroupEvent {}

    /**
     * The connection has ended.
     *
     * @param status that the hub closed it with; 0 if the client itself did, or found no hub; {@link #BROKEN}
     */
    record Ended(long at, String session, int status) implements GroupEvent {

        static final int BROKEN = -1;
    }

    /**
     * A commit, told once it was answered.
     *
     * @param sent when it left
     * @param epoch of the records on whose strength it was made
     * @param refusal the error's code; empty if it was stored
     */
    record Commit(long at, String session, long sent, int partition, long epoch, long nextOffset, String refusal)
            implements GroupEvent {

        boolean stored() {
            return refusal.isEmpty();
        }
    }

    /** An error that no commit was answered with. */
    record Failed(long at, String session, String code) implements GroupEvent {}

    /** From here on the client may be late with everything: it was told to stop, or its hub is going away. */
    record Disturbed(long at, String session) implements GroupEvent {}

    /**
     * The hub of these sessions stood still for longer than its lease.
     *
     * @param ends where the partitions ended once it stood still: what is behind it cannot have known
     */
    record Frozen(long at, Set<String> sessions, Map<Integer, Long> ends) implements GroupEvent {}

    /**
     * A row of {@code committed_offset}, as it was seen in the database.
     *
     * @param asked when the question left
     * @param end of the partition at that moment
     */
    record Observed(long at, long asked, int partition, long nextOffset, long end, long ownerEpoch)
            implements GroupEvent {}
}
