package io.millrace.cluster;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Follows one kind of thing that any node may change. Called by the one thread of the {@link ChangeFeed}, so
 * implementations must be quick: what takes long is left to a loop of their own, which they wake.
 */
public interface ChangeSubscriber {

    /** The name of the kind in messages; letters only. Nodes of other releases may know other kinds. */
    String kind();

    /** Another node has changed something, and says which version that has reached. Must not block. */
    void changed(int id, long version);

    /**
     * Looks for changes of which no message told: when the feed has just connected, and after the time that the last
     * look asked for.
     *
     * @param database the feed's own connection, in autocommit mode
     * @return how long until the next look, at most
     */
    Duration look(JdbcClient database);
}
