package io.millrace.group;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.cluster.ChangePublisher;
import io.millrace.cluster.ClusterProperties;
import io.millrace.cluster.Node;
import io.millrace.database.Transactions;
import io.millrace.eventlog.Partitions;
import io.millrace.time.Ticker;
import io.millrace.topic.CatalogueListener;
import io.millrace.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GroupProperties.class)
class GroupConfiguration {

    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);

    @Bean
    LocalMembers localMembers(MemberStore store, GroupMetrics metrics) {
        LocalMembers members = new LocalMembers(store);
        metrics.watchMembers(members::count);
        return members;
    }

    @Bean
    WaitingMembers waitingMembers(MemberStore store) {
        return new WaitingMembers(store);
    }

    @Bean
    CommitQueue commitQueue(
            JdbcClient jdbc,
            Partitions partitions,
            PlatformTransactionManager transactions,
            GroupMetrics metrics,
            Node node,
            GroupProperties properties,
            Ticker ticker) {
        return new CommitQueue(
                jdbc,
                partitions,
                new Transactions(transactions, properties.transactionTimeout(), "the offsets"),
                metrics,
                node,
                properties,
                ticker);
    }

    @Bean
    EpochWatch epochWatch(
            JdbcClient jdbc,
            LocalMembers members,
            WaitingMembers waiting,
            ChangePublisher publisher,
            ClusterProperties cluster) {
        return new EpochWatch(
                List.of(members, waiting), groups -> EpochWatch.read(jdbc, groups), publisher, cluster.pollInterval());
    }

    @Bean
    BackgroundLoop epochWatchLoop(EpochWatch watch, LocalMembers members, GroupProperties properties, Ticker ticker) {
        Pace pace = new Pace(properties.pollInterval(), LONGEST_BACK_OFF);
        BackgroundLoop loop = new BackgroundLoop("group-members", pace, ticker, watch::round);
        watch.wakeBy(loop::wake);
        members.wakeBy(loop::wake);
        return loop;
    }

    @Bean
    GroupSweep groupSweep(
            GroupStore store,
            MemberStore memberStore,
            GroupChanges changes,
            TopicCatalogue topics,
            LocalMembers members,
            Node node,
            Ticker ticker) {
        return new GroupSweep(store, memberStore, changes, topics, members, node, ticker);
    }

    @Bean
    BackgroundLoop groupSweepLoop(GroupSweep sweep, GroupProperties properties, Ticker ticker) {
        return new BackgroundLoop(
                "group-sweep", new Pace(properties.sweepInterval(), LONGEST_BACK_OFF), ticker, sweep::round);
    }

    /** Groups take in a topic that is new as soon as this node knows of it. */
    @Bean
    CatalogueListener groupsTakeInTopics(@Qualifier("groupSweepLoop") BackgroundLoop sweep) {
        return sweep::wake;
    }

    @Bean
    BackgroundLoop offsetCommitLoop(CommitQueue commits, Ticker ticker) {
        return new BackgroundLoop("group-commits", new Pace(Duration.ZERO, LONGEST_BACK_OFF), ticker, commits::round);
    }
}
