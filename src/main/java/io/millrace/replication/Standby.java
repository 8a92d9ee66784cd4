package io.millrace.replication;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A standby as the primary sees it: a row of {@code pg_stat_replication}.
 *
 * @param name its {@code application_name}
 * @param address its IP address; null for a connection through a Unix socket
 * @param state such as {@code streaming} or {@code catchup}
 * @param syncState {@code sync}, {@code quorum}, {@code potential} or {@code async}
 * @param flushed the position in the WAL up to which it has flushed to its disk
 * @param lagBytes how much WAL it has not flushed yet
 * @param lag how long its last confirmation took; null when it has confirmed all for a while
 */
public record Standby(
        String name,
        @Nullable String address,
        String state,
        String syncState,
        long flushed,
        long lagBytes,
        @Nullable Duration lag) {

    /** Whether commits may count on it: an asynchronous standby may be promoted without what it lacks. */
    public boolean inSync() {
        return syncState.equals("sync") || syncState.equals("quorum");
    }
}
