package io.millrace.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the nodes of one database know of each other.
 *
 * @param lease how long others wait for a node that has died before they take over what it alone did, such as serving
 *     the members of groups; a node that is out of touch with PostgreSQL stops doing that before the lease is over
 * @param address the URL under which operators and other nodes reach this one; if absent, the host's name and the port
 *     it listens on
 * @param notifyInterval a node tells the others of changes at most this often: NOTIFY takes a lock on the whole of
 *     PostgreSQL, and one message carries hundreds of partitions
 * @param pollInterval how often a node looks whether the partitions and groups that it watches have changed, since
 *     notifications are lost with a connection; with many thousands of partitions less often, so that looking takes at
 *     most a twentieth of the time
 */
@ConfigurationProperties("millrace.cluster")
public record ClusterProperties(
        @DefaultValue("10s") Duration lease,
        @Nullable String address,
        @DefaultValue("2ms") Duration notifyInterval,
        @DefaultValue("200ms") Duration pollInterval) {

    public ClusterProperties {
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("millrace.cluster.lease must be at least 1s");
        }
    }
}
