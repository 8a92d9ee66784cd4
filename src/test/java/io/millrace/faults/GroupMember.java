package io.millrace.faults;

import java.util.Optional;
import java.util.Set;

/** A member of a group, by any protocol, that records all events that it sees. */
interface GroupMember extends AutoCloseable {

    /** The hub that serves its connection; empty if it has none. */
    Optional<HubProcess> hub();

    /** Its current or last session. */
    String session();

    /** The partitions that it owns, as far as it knows. */
    Set<Integer> partitions();

    /** Stops processing, without telling the hub. */
    void pause();

    /** Whether it has stopped by now, keeping the records that it has received. */
    boolean hasStopped();

    void resume();

    /** Ends at once, for the end of the test. */
    void abandon();

    /** Commits everything, leaves the group, and ends. */
    @Override
    void close() throws InterruptedException;
}
