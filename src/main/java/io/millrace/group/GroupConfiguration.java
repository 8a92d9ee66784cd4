package io.millrace.group;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.database.Transactions;
import io.millrace.eventlog.Partitions;
import io.millrace.time.Ticker;
import io.millrace.topic.Topics;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GroupProperties.class)
class GroupConfiguration {

    /** Renewed so often, a lease outlasts two failures. */
    private static final int RENEWALS_PER_LEASE = 4;

    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);

    @Bean
    NodeLease nodeLease(GroupStore store, PlatformTransactionManager transactions, GroupProperties properties) {
        return new NodeLease(
                store,
                new Transactions(transactions, properties.transactionTimeout(), "the lease"),
                properties,
                System::nanoTime);
    }

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
            GroupProperties properties,
            Ticker ticker) {
        return new CommitQueue(
                jdbc,
                partitions,
                new Transactions(transactions, properties.transactionTimeout(), "the offsets"),
                metrics,
                properties,
                ticker);
    }

    @Bean
    BackgroundLoop nodeLeaseLoop(NodeLease lease, LocalMembers members, GroupProperties properties) {
        Pace pace = new Pace(properties.lease().dividedBy(RENEWALS_PER_LEASE), LONGEST_BACK_OFF);
        return new BackgroundLoop("group-lease", pace, () -> {
            if (lease.renew()) {
                members.lost(lease.nodeId());
            }
        });
    }

    @Bean
    BackgroundLoop epochWatchLoop(
            MemberStore store, LocalMembers members, WaitingMembers waiting, GroupProperties properties) {
        EpochWatch watch = new EpochWatch(store::epochs, List.of(members, waiting));
        Pace pace = new Pace(properties.pollInterval(), LONGEST_BACK_OFF);
        BackgroundLoop loop = new BackgroundLoop("group-members", pace, watch::round);
        members.wakeBy(loop::wake);
        return loop;
    }

    @Bean
    BackgroundLoop groupSweepLoop(
            GroupStore store,
            MemberStore memberStore,
            GroupChanges changes,
            Topics topics,
            LocalMembers members,
            NodeLease lease,
            GroupProperties properties) {
        GroupSweep sweep = new GroupSweep(store, memberStore, changes, topics, members, lease);
        return new BackgroundLoop("group-sweep", new Pace(properties.sweepInterval(), LONGEST_BACK_OFF), sweep::round);
    }

    @Bean
    BackgroundLoop offsetCommitLoop(CommitQueue commits) {
        return new BackgroundLoop("group-commits", new Pace(Duration.ZERO, LONGEST_BACK_OFF), commits::round);
    }
}
