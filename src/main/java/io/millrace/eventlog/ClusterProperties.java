package io.millrace.eventlog;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the nodes of one database hear of each other's commits.
 *
 * @param notifyInterval a node tells the others of its commits at most so often: NOTIFY takes a lock on the whole
 *     cluster, and one message carries hundreds of partitions
 * @param pollInterval how often a node looks whether the partitions it waits for have grown, since notifications are
 *     lost with a connection; with many thousands of partitions less often, so that it looks a twentieth of the time
 * @param censusInterval how often a node looks whether there are others; alone, it sends no notifications
 */
@ConfigurationProperties("millrace.cluster")
record ClusterProperties(
        @DefaultValue("2ms") Duration notifyInterval,
        @DefaultValue("200ms") Duration pollInterval,
        @DefaultValue("2s") Duration censusInterval) {}
