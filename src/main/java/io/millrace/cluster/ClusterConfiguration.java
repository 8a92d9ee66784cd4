package io.millrace.cluster;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.database.DedicatedConnections;
import io.millrace.database.Transactions;
import io.millrace.replication.Replication;
import io.millrace.security.Access;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClusterProperties.class)
class ClusterConfiguration {

    /** Renewed this often, a lease outlasts two failures. */
    private static final int RENEWALS_PER_LEASE = 4;

    /** A longer rest would cost the other loops only speed, but the lease must be renewed as soon as it can be. */
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);

    @Bean
    NodeStore nodeStore(JdbcClient jdbc, PlatformTransactionManager transactions, ClusterProperties properties) {
        return new NodeStore(jdbc, new Transactions(transactions, properties.lease(), "the lease"));
    }

    @Bean
    Node node(NodeStore store, ClusterProperties properties, Ticker ticker) {
        return new Node(store, properties.lease(), ticker);
    }

    @Bean
    ClusterAdmin clusterAdmin(Node node, NodeStore store, Replication replication, Access access) {
        return new ClusterAdmin(node, store, replication, access);
    }

    @Bean
    BackgroundLoop nodeLease(
            Node node,
            ChangeNotifier notifier,
            List<NameListener> listeners,
            ClusterProperties properties,
            Ticker ticker) {
        Pace pace = new Pace(properties.lease().dividedBy(RENEWALS_PER_LEASE), LONGEST_BACK_OFF);
        return new BackgroundLoop("node-lease", pace, ticker, () -> {
            if (node.renew()) {
                listeners.forEach(listener -> listener.renamed(node.name()));
                notifier.hello();
            }
        });
    }

    @Bean
    NodeDeparture nodeDeparture(Node node) {
        return new NodeDeparture(node);
    }

    @Bean
    NodeAddress nodeAddress(
            Node node,
            @Qualifier("nodeLease") BackgroundLoop renewal,
            ClusterProperties properties,
            ServerProperties server) {
        return new NodeAddress(node, renewal, properties, server);
    }

    @Bean(destroyMethod = "close")
    ChangeNotifier changeNotifier(
            Node node, DedicatedConnections connections, ClusterProperties properties, Ticker ticker) {
        return new ChangeNotifier(node, connections, properties.notifyInterval(), ticker);
    }

    @Bean
    BackgroundLoop changeNotifierLoop(ChangeNotifier notifier, Ticker ticker) {
        BackgroundLoop loop =
                new BackgroundLoop("change-notifier", Pace.every(LONGEST_BACK_OFF), ticker, notifier::round);
        notifier.wakeBy(loop::wake);
        return loop;
    }

    @Bean(destroyMethod = "close")
    ChangeFeed changeFeed(
            Node node, DedicatedConnections connections, List<ChangeSubscriber> subscribers, Ticker ticker) {
        return new ChangeFeed(node, connections, subscribers, ticker);
    }

    @Bean
    BackgroundLoop changeFeedLoop(ChangeFeed feed, Ticker ticker) {
        return new BackgroundLoop("change-feed", new Pace(Duration.ZERO, LONGEST_BACK_OFF), ticker, feed::round);
    }
}
