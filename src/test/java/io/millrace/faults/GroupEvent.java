package io.millrace.faults;

import java.util.Map;
import java.util.Set;

/**
 * What happened to a group, as the clients saw it. A session is one connection of a client, on which it may be one
 * member after another, each with an id of the hub's; of a client without a connection it is one membership. All times
 * are {@link System#nanoTime} of this JVM.
 */
sealed interface GroupEvent {

    long at();

    /** @param nextOffsets of the partitions that were added; {@link Ownership#UNKNOWN} if the client was not told */
    record Assigned(long at, String session, String member, Map<Integer, Long> nextOffsets) implements GroupEvent {}

    /** A record was received. */
    record Delivered(long at, String session, int partition, long epoch, long offset) implements GroupEvent {}

    record Processed(long at, String session, int partition, long offset, Mark mark) implements GroupEvent {}

    /** @param reason the hub's, or one of the constants */
    record Revoked(long at, String session, Set<Integer> partitions, String reason) implements GroupEvent {

        /** The client was asked to let go. */
        static final String ASKED = "rebalance";

        /** The node of the connection is going away. */
        static final String DRAINING = "draining";

        /** A client without a connection has the partitions no longer, and nobody had asked it. */
        static final String TAKEN = "taken";
    }

    /**
     * The session has ended.
     *
     * @param status that the hub closed the connection with, {@link #GOING_AWAY} also if it has no numbers for that; 0
     *     if the client itself closed it, or found no hub; {@link #BROKEN}
     */
    record Ended(long at, String session, int status) implements GroupEvent {

        static final int GOING_AWAY = 1001;
        static final int BROKEN = -1;

        /** Whether the hub need not bear with what the client still sends. */
        boolean forgotten() {
            return status == 0 || status == BROKEN;
        }
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

    /**
     * An error that no commit was answered with.
     *
     * @param code the hub's, or {@link #NO_ANSWER}
     */
    record Failed(long at, String session, String code, boolean retryable) implements GroupEvent {

        static final String NO_ANSWER = "no_answer";
    }

    /** From here on the client may be late with everything: it was told to stop, or has given up waiting for a hub. */
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
