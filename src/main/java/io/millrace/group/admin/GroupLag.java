package io.millrace.group.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import io.millrace.group.GroupProperties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metric {@code millrace.group.lag}: how many records the groups with members have not committed yet, by group and
 * topic. Every node reports all groups, so the metric does not depend on one node. One thread calls {@link #round}
 * again and again.
 */
final class GroupLag {

    private record Series(String group, String topic) {}

    private final AdminStore store;
    private final Partitions partitions;
    private final int maxSeries;
    private final MultiGauge gauges;

    GroupLag(AdminStore store, Partitions partitions, MeterRegistry registry, GroupProperties properties) {
        this.store = store;
        this.partitions = partitions;
        this.maxSeries = properties.maxLagSeries();
        this.gauges = MultiGauge.builder("millrace.group.lag")
                .description("Records that a group has not committed yet")
                .baseUnit("records")
                .register(registry);
    }

    void round() {
        List<AdminStore.Standing> standings = store.standings();
        Map<Integer, PartitionBounds> bounds = partitions.bounds(standings.stream()
                .map(AdminStore.Standing::partitionId)
                .distinct()
                .toList());
        Map<Series, Long> lags = new LinkedHashMap<>();
        for (AdminStore.Standing standing : standings) {
            PartitionBounds inside = bounds.get(standing.partitionId());
            if (inside != null) {
                long lag = inside.readable() - Math.max(standing.nextOffset(), inside.start());
                lags.merge(new Series(standing.group(), standing.topic()), Math.max(0, lag), Long::sum);
            }
        }
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        lags.forEach((series, lag) -> {
            // The largest lags would be a changing choice, whose series come and go: the first by name stay.
            if (rows.size() < maxSeries) {
                rows.add(MultiGauge.Row.of(Tags.of("group", series.group(), "topic", series.topic()), lag));
            }
        });
        gauges.register(rows, true);
    }
}
