package io.millrace.append;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** Metrics of appends. */
@Component
final class AppendMetrics {

    private final MeterRegistry registry;
    private final Counter records;
    private final Counter bytes;
    private final Counter refusals;
    private final Timer commits;
    private final DistributionSummary commitRecords;

    AppendMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.records = Counter.builder("millrace.append.records")
                .description("Records stored by this node")
                .register(registry);
        this.bytes = Counter.builder("millrace.append.bytes")
                .description("Bytes of keys, values and headers stored by this node")
                .baseUnit("bytes")
                .register(registry);
        this.refusals = Counter.builder("millrace.append.refusals")
                .description("Requests refused because a queue was full or its lane made no progress")
                .register(registry);
        this.commits = Timer.builder("millrace.append.commit")
                .description("Time from the statement's first byte to its durable commit")
                .publishPercentileHistogram()
                .register(registry);
        this.commitRecords = DistributionSummary.builder("millrace.append.commit.records")
                .description("Records in a commit")
                .register(registry);
    }

    void watchQueue(String lane, AtomicLong queuedBytes) {
        Gauge.builder("millrace.append.queue", queuedBytes, AtomicLong::get)
                .description("Bytes that wait in a lane")
                .baseUnit("bytes")
                .tag("lane", lane)
                .strongReference(true)
                .register(registry);
    }

    void refused() {
        refusals.increment();
    }

    /** @param payload bytes of keys, values and headers */
    void committed(int count, long payload, long nanos) {
        records.increment(count);
        bytes.increment(payload);
        commits.record(nanos, TimeUnit.NANOSECONDS);
        commitRecords.record(count);
    }
}
