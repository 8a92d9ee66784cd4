package io.millrace.faults;

import java.util.Optional;
import java.util.Set;

/** A client that takes part in a group, by whatever protocol, and writes down all that it sees. */
interface GroupMember extends AutoCloseable {

    /** The hub that serves its connection; empty if it has none. */
    Optional<HubProcess> hub();

    /** The one that it has now, or had last. */
    String session();

    /** The partitions that are its own, as it was told. */
    Set<Integer> partitions();

    /** Stops processing, without a word to the hub. */
    void pause();

    /** Whether it has stopped by now, with what it has received in its hands. */
    boolean standsStill();

    void resume();

    /** Ends at once, as the test is over. */
    void abandon();

    /** Commits everything, leaves the group, and comes to its end. */
    @Override
    void close() throws InterruptedException;
}
