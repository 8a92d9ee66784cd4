package io.millrace.cluster;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Follows one kind of thing that any node may change. Called by the one thread of the {@link ChangeFeed}, so an
 * implementation is quick: what takes long it leaves to a loop of its own, which it wakes.
 */
public interface ChangeSubscriber {

    /** The word by which nodes call the kind; letters only. Nodes of other releases may know other kinds. */
    String kind();

    /** Another node has changed something, and says which version that has reached. Must not block. */
    void changed(int id, long version);

    /**
     * Looks what has changed without having been told: when the feed has just connected, and at the latest when the
     * time is over that the last look asked for.
     *
     * @param database the feed's own connection, in autocommit mode
     * @return when to look again, at the latest
     */
    Duration look(JdbcClient database);
}
