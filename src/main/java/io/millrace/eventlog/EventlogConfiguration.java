package io.millrace.eventlog;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ClusterProperties.class, SegmentProperties.class})
class EventlogConfiguration {

    /** The others are told again and again while it fails, so a second's rest loses nothing. */
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);

    @Bean(destroyMethod = "close")
    CommitNotifier commitNotifier(LogConnections connections, ClusterProperties properties) {
        return new CommitNotifier(UUID.randomUUID().toString(), connections, properties.notifyInterval());
    }

    @Bean(destroyMethod = "close")
    CommitReceiver commitReceiver(
            LogConnections connections,
            CommitNotifier notifier,
            List<PartitionWatcher> watchers,
            ClusterProperties properties) {
        return new CommitReceiver(connections, notifier, watchers, properties, System::nanoTime);
    }

    @Bean
    BackgroundLoop commitNotifierLoop(CommitNotifier notifier) {
        BackgroundLoop loop = new BackgroundLoop("commit-notifier", Pace.every(LONGEST_BACK_OFF), notifier::round);
        notifier.wakeWith(loop::wake);
        return loop;
    }

    @Bean
    BackgroundLoop commitReceiverLoop(CommitReceiver receiver) {
        return new BackgroundLoop("commit-receiver", new Pace(Duration.ZERO, LONGEST_BACK_OFF), receiver::round);
    }

    @Bean
    BackgroundLoop segmentRollerLoop(LogConnections connections, SegmentProperties properties) {
        SegmentRoller roller = new SegmentRoller(connections, properties);
        return new BackgroundLoop(
                "segment-roller",
                Pace.every(properties.checkInterval()),
                SegmentRoller.LONGEST_VACUUM.plusMinutes(1),
                roller::round);
    }
}
