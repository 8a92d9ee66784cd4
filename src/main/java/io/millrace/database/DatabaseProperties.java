package io.millrace.database;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The database that the hub uses; without one it starts its own.
 *
 * @param url {@code postgresql://user:password@host:port/database} or {@code jdbc:postgresql://...}; more than one
 *     {@code host:port}, separated by commas, for a primary with standbys
 * @param username instead of the one in the URL
 * @param password instead of the one in the URL
 * @param followerReads whether reads of history go to standbys
 * @param followerUrl of the standbys, as {@code url}; the hosts of {@code url} if null
 * @param followerConnections the largest number of connections to standbys
 * @param patience how long a request waits for a connection while other requests get one
 */
@ConfigurationProperties("millrace.database")
public record DatabaseProperties(
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue("10s") Duration patience,
        @DefaultValue("false") boolean followerReads,
        @Nullable String followerUrl,
        @DefaultValue("4") int followerConnections) {

    public DatabaseProperties {
        if (followerConnections < 1) {
            throw new IllegalArgumentException(
                    "millrace.database.follower-connections must be at least 1, not " + followerConnections);
        }
    }

    /** The number of the pool's connections, as a placeholder of Spring's. */
    public static final String CONNECTIONS = "${spring.datasource.hikari.maximum-pool-size:8}";

    /** Keeps the password out of logs; the URL may hold one as well. */
    @Override
    public String toString() {
        return "DatabaseProperties[url=" + (url == null ? "unset" : "set") + ", username=" + username + "]";
    }
}
