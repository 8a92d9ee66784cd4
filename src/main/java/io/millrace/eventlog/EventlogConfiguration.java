package io.millrace.eventlog;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.cluster.ChangePublisher;
import io.millrace.cluster.ClusterProperties;
import io.millrace.database.DedicatedConnections;
import io.millrace.replication.Replication;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SegmentProperties.class)
class EventlogConfiguration {

    /** What readers after a restart without standbys may lack. */
    private static final Duration BETWEEN_SAVES = Duration.ofSeconds(1);

    @Bean
    PartitionChanges partitionChanges(
            ChangePublisher publisher, List<PartitionWatcher> watchers, ClusterProperties properties, Ticker ticker) {
        return new PartitionChanges(publisher, watchers, properties.pollInterval(), ticker);
    }

    @Bean
    HighWatermarks highWatermarks(Replication replication, JdbcClient jdbc, Ticker ticker) {
        return new HighWatermarks(replication, jdbc, ticker);
    }

    @Bean
    BackgroundLoop highWatermarksLoop(HighWatermarks highWatermarks, Ticker ticker) {
        return new BackgroundLoop("high-watermarks", Pace.every(BETWEEN_SAVES), ticker, highWatermarks::save);
    }

    @Bean
    BackgroundLoop segmentRollerLoop(
            JdbcClient jdbc, DedicatedConnections connections, SegmentProperties properties, Ticker ticker) {
        SegmentRoller roller = new SegmentRoller(jdbc, connections, properties);
        return new BackgroundLoop("segment-roller", Pace.every(properties.checkInterval()), ticker, roller::round);
    }
}
