package io.millrace.replication;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.database.DedicatedConnections;
import io.millrace.time.Ticker;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReplicationProperties.class)
class ReplicationConfiguration {

    /** How often to look while nobody waits: acks=all is refused within a second after a standby has gone. */
    private static final Duration IDLE = Duration.ofMillis(500);

    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);

    @Bean(destroyMethod = "close")
    Replication replication(DedicatedConnections connections, ReplicationProperties properties, Ticker ticker) {
        return new Replication(new ReplicaQuery(connections), properties.timeout(), ticker);
    }

    @Bean
    MeterBinder replicationMeters(Replication replication) {
        return registry -> {
            Gauge.builder("millrace.replication.in.sync", replication, ReplicationConfiguration::inSync)
                    .description("Database servers in sync, the leader included; 0 while it cannot be reached")
                    .register(registry);
            Gauge.builder("millrace.replication.lag", replication, ReplicationConfiguration::lag)
                    .description("Bytes of the write-ahead log that the slowest server in sync has not flushed yet")
                    .baseUnit("bytes")
                    .register(registry);
            Gauge.builder("millrace.replication.waiting", replication, Replication::waiting)
                    .description("Waits for followers: commits of this node with acks=all, and partitions with readers")
                    .register(registry);
        };
    }

    private static double inSync(Replication replication) {
        return replication.replicas().map(Replicas::inSync).orElse(0);
    }

    private static double lag(Replication replication) {
        return replication.replicas().stream()
                .flatMap(seen -> seen.standbys().stream())
                .filter(Standby::inSync)
                .mapToLong(Standby::lagBytes)
                .max()
                .orElse(0);
    }

    @Bean
    BackgroundLoop replicationLoop(Replication replication, Ticker ticker) {
        BackgroundLoop loop =
                new BackgroundLoop("replication", new Pace(IDLE, LONGEST_BACK_OFF), ticker, replication::round);
        replication.wakeBy(loop::wake);
        return loop;
    }
}
