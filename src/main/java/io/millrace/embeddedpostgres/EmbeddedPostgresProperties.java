package io.millrace.embeddedpostgres;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of the embedded PostgreSQL.
 *
 * @param startTimeout how long a start may take; recovery after a crash replays up to {@code max_wal_size} of 4 GB
 * @param stopTimeout how long a shutdown with a checkpoint may take before the server is stopped immediately, which
 *     costs only a recovery at the next start
 * @param restartBackoff the longest pause between attempts to restart the server after it ended unexpectedly; the first
 *     pause is a fiftieth of it
 * @param followers how many standbys run beside the server on this machine, so that {@code acks=all} can be tried; at
 *     most {@value #MAX_FOLLOWERS}
 */
@ConfigurationProperties("millrace.embedded-postgres")
public record EmbeddedPostgresProperties(
        @DefaultValue("5m") Duration startTimeout,
        @DefaultValue("30s") Duration stopTimeout,
        @DefaultValue("5s") Duration restartBackoff,
        @DefaultValue("0") int followers) {

    /** Each is a whole copy of the log, and writes what the primary writes. */
    static final int MAX_FOLLOWERS = 2;

    public EmbeddedPostgresProperties {
        if (followers < 0 || followers > MAX_FOLLOWERS) {
            throw new IllegalArgumentException("millrace.embedded-postgres.followers is not a number from 0 to "
                    + MAX_FOLLOWERS + ": " + followers);
        }
    }

    /** The defaults, for starting a server without Spring. */
    public static EmbeddedPostgresProperties defaults() {
        return new EmbeddedPostgresProperties(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(5), 0);
    }

    /** The same with that many standbys. */
    public EmbeddedPostgresProperties withFollowers(int number) {
        return new EmbeddedPostgresProperties(startTimeout, stopTimeout, restartBackoff, number);
    }
}
