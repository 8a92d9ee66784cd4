package io.millrace.group;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** The metrics of groups on this node. */
@Component
final class GroupMetrics {

    private final MeterRegistry registry;
    private final Timer rebalances;
    private final Timer commits;
    private final Counter committed;
    private final Counter fenced;

    GroupMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.rebalances = Timer.builder("millrace.group.rebalance")
                .description("Changes of members or owners that this node made, and how long each transaction took")
                .publishPercentileHistogram()
                .register(registry);
        this.commits = Timer.builder("millrace.group.commit")
                .description("Time of a transaction that commits offsets")
                .publishPercentileHistogram()
                .register(registry);
        this.committed = Counter.builder("millrace.group.offsets.committed")
                .description("Offsets of partitions committed by this node")
                .register(registry);
        this.fenced = Counter.builder("millrace.group.offsets.fenced")
                .description("Offsets refused because the member did not own the partition, or no longer")
                .register(registry);
    }

    void watchMembers(Supplier<Number> members) {
        Gauge.builder("millrace.group.members", members)
                .description("Members with a connection to this node")
                .register(registry);
    }

    void rebalanced(long nanos) {
        rebalances.record(nanos, TimeUnit.NANOSECONDS);
    }

    void committed(int stored, long refused, long nanos) {
        commits.record(nanos, TimeUnit.NANOSECONDS);
        committed.increment(stored);
        fenced.increment(refused);
    }
}
