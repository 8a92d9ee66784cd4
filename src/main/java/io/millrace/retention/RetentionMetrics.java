package io.millrace.retention;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.millrace.segment.Cleaning;
import io.millrace.segment.Segment;
import io.millrace.segment.Segment.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The metrics of the cleaner. All nodes show the same: what the rows said after this node's last round. */
@Component
final class RetentionMetrics {

    private final MeterRegistry registry;
    private final Clock clock;
    private final Instant started;

    RetentionMetrics(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.started = clock.instant();
    }

    void watch(Cleaner cleaner) {
        gauge(
                cleaner,
                "millrace.log.segments",
                "Segments of the log, those that wait to be dropped included",
                null,
                c -> c.view().segments().size());
        gauge(
                cleaner,
                "millrace.log.size",
                "What the log takes on disk",
                BaseUnits.BYTES,
                c -> sum(c, Segment::diskBytes));
        gauge(
                cleaner,
                "millrace.log.live",
                "Bytes of keys, values and headers that can be read, before compression",
                BaseUnits.BYTES,
                c -> sum(c, Segment::liveBytes));
        gauge(
                cleaner,
                "millrace.cleaner.backlog",
                "What waits to be freed: tables to be dropped, and the dead part of those to be rewritten",
                BaseUnits.BYTES,
                c -> c.view().cleaning().backlogBytes());
        gauge(
                cleaner,
                "millrace.cleaner.waiting",
                "1 while something keeps the cleaner from dropping tables",
                null,
                c -> c.view().cleaning().waitsFor() == null ? 0 : 1);
        gauge(
                cleaner,
                "millrace.cleaner.age",
                "Time since the last complete round of the cleaner, on whichever node",
                "seconds",
                this::age);
        counter(cleaner, "millrace.cleaner.freed", "What dropped tables took on disk", BaseUnits.BYTES, c -> c.view()
                .cleaning()
                .bytesFreed());
        gauge(
                cleaner,
                "millrace.erasures.pending",
                "Keys that were asked to be erased, and may not be gone yet",
                null,
                c -> c.view().pendingErasures());
        counter(
                cleaner,
                "millrace.cleaner.rewritten",
                "What the tables that replaced others took on disk",
                BaseUnits.BYTES,
                c -> c.view().cleaning().bytesRewritten());
    }

    /** Without a round that has ended it counts from the start: else a cleaner that always fails would seem young. */
    private double age(Cleaner cleaner) {
        Cleaning cleaning = cleaner.view().cleaning();
        Instant since = cleaning.endedAt() == null ? started : cleaning.endedAt();
        return Duration.between(since, clock.instant()).toMillis() / 1000.0;
    }

    private static double sum(Cleaner cleaner, ToLongFunction<Segment> bytes) {
        return cleaner.view().segments().stream()
                .filter(segment -> segment.state() != State.FILLING)
                .mapToLong(bytes)
                .sum();
    }

    private void gauge(
            Cleaner cleaner, String name, String description, @Nullable String unit, ToDoubleFunction<Cleaner> value) {
        Gauge.builder(name, cleaner, value)
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }

    private void counter(
            Cleaner cleaner, String name, String description, String unit, ToDoubleFunction<Cleaner> value) {
        FunctionCounter.builder(name, cleaner, value)
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }
}
