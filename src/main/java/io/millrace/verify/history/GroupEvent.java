package io.millrace.verify.history;

import java.util.Map;
import java.util.Set;

/**
 * An event in a group, as a client saw it. A session is one connection of a client, on which it may be several members
 * in sequence, each with an id from the hub; for a client without a connection it is one membership. All times are
 * {@link System#nanoTime} of this JVM.
 */
public sealed interface GroupEvent {

    long at();

    /** @param nextOffsets of the added partitions; {@link #UNTOLD} if the client was not told */
    record Assigned(long at, String session, String member, Map<Integer, Long> nextOffsets) implements GroupEvent {

        public static final long UNTOLD = -1;
    }

    /** A record was received. */
    record Delivered(long at, String session, int partition, long epoch, long offset) implements GroupEvent {}

    record Processed(long at, String session, int partition, long offset, Mark mark) implements GroupEvent {}

    /** @param reason the hub's, or one of the constants */
    record Revoked(long at, String session, Set<Integer> partitions, String reason) implements GroupEvent {

        /** The client was asked to give up the partitions. */
        public static final String ASKED = "rebalance";

        /** The node of the connection is shutting down. */
        public static final String DRAINING = "draining";

        /** A client without a connection lost the partitions without having been asked. */
        public static final String TAKEN = "taken";
    }

    /**
     * The session has ended.
     *
     * @param status the hub's close code, {@link #GOING_AWAY} also for protocols without codes; 0 if the client itself
     *     closed the connection, or found no hub; {@link #BROKEN}
     */
    record Ended(long at, String session, int status) implements GroupEvent {

        public static final int GOING_AWAY = 1001;
        public static final int BROKEN = -1;

        /** Whether the hub may refuse what the client still sends. */
        public boolean forgotten() {
            return status == 0 || status == BROKEN;
        }
    }

    /**
     * A commit, recorded when it was answered.
     *
     * @param sent when it was sent
     * @param epoch of the records that it commits
     * @param refusal the error's code; empty if it was stored
     */
    record Commit(long at, String session, long sent, int partition, long epoch, long nextOffset, String refusal)
            implements GroupEvent {

        public boolean stored() {
            return refusal.isEmpty();
        }
    }

    /**
     * An error other than the answer to a commit.
     *
     * @param code the hub's, or {@link #NO_ANSWER}
     */
    record Failed(long at, String session, String code, boolean retryable) implements GroupEvent {

        public static final String NO_ANSWER = "no_answer";
    }

    /** From here on the client may be late: it was paused, or it gave up waiting for a hub. */
    record Disturbed(long at, String session) implements GroupEvent {}

    /** This process did not run for a while: all its receipts up to now may be late. */
    record Stalled(long at, long since) implements GroupEvent {}

    /**
     * The hub of these sessions was frozen for longer than its lease.
     *
     * @param ends the ends of the partitions when it was frozen: it cannot have read any later records
     */
    record Frozen(long at, Set<String> sessions, Map<Integer, Long> ends) implements GroupEvent {}

    /**
     * A committed offset, as read from a hub or from the database.
     *
     * @param asked when the query was sent
     * @param end the partition's end at that moment or later
     * @param ownerEpoch 0 if it was not told
     */
    record Observed(long at, long asked, int partition, long nextOffset, long end, long ownerEpoch)
            implements GroupEvent {}
}
