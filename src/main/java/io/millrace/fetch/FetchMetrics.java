package io.millrace.fetch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** Metrics of reads and subscriptions. */
@Component
final class FetchMetrics {

    private final MeterRegistry registry;
    private final Counter hits;
    private final Counter misses;
    private final Counter followers;
    private final Counter records;
    private final AtomicInteger subscriptions = new AtomicInteger();

    FetchMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.hits = reads(registry, "cache");
        this.misses = reads(registry, "database");
        this.followers = reads(registry, "follower");
        this.records = Counter.builder("millrace.fetch.records")
                .description("Records handed to readers and subscribers")
                .register(registry);
        Gauge.builder("millrace.fetch.subscriptions", subscriptions, AtomicInteger::get)
                .description("Subscriptions that follow partitions on this node")
                .strongReference(true)
                .register(registry);
    }

    void watchCache(AtomicLong bytes, Map<?, ?> tails) {
        Gauge.builder("millrace.fetch.cache", bytes, AtomicLong::get)
                .description("Bytes in the tail cache, with an estimate for what objects cost")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
        Gauge.builder("millrace.fetch.cache.partitions", tails, Map::size)
                .description("Partitions that are being read on this node")
                .strongReference(true)
                .register(registry);
    }

    void fromCache() {
        hits.increment();
    }

    void fromDatabase() {
        misses.increment();
    }

    void fromFollower() {
        followers.increment();
    }

    void delivered(int count) {
        records.increment(count);
    }

    void subscribed(int change) {
        subscriptions.addAndGet(change);
    }

    private static Counter reads(MeterRegistry registry, String source) {
        return Counter.builder("millrace.fetch.reads")
                .description("Reads that found something, by where they found it")
                .tag("source", source)
                .register(registry);
    }
}
