package io.millrace.eventlog;

import io.millrace.database.Sql;
import io.millrace.time.Ticker;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads where partitions start and end. The end follows the last batch or, if the head's segment has no batch of the
 * partition, is the offset at which the partition entered that segment.
 */
final class PartitionEnds {

    private record Row(int partitionId, int segment, PartitionBounds bounds) {}

    private final JdbcClient jdbc;
    private final OpenSegments<RuntimeException> segments;
    private final Sql sql = Sql.of(PartitionEnds.class);

    PartitionEnds(JdbcClient jdbc, Ticker ticker) {
        this.jdbc = jdbc;
        this.segments = new OpenSegments<>(this::oldestOpenSegment, ticker);
    }

    /** The bounds by partition id; partitions that do not exist are left out. */
    Map<Integer, PartitionBounds> read(Collection<Integer> partitionIds) {
        Integer[] ids = partitionIds.toArray(Integer[]::new);
        Optional<Map<Integer, PartitionBounds>> bounds = read(ids, segments.oldest());
        while (bounds.isEmpty()) {
            segments.forget();
            bounds = read(ids, segments.oldest());
        }
        return bounds.get();
    }

    /** Tells a watcher how these partitions are now. */
    void tell(PartitionWatcher watcher, Collection<Integer> partitionIds) {
        if (!partitionIds.isEmpty()) {
            Map<Integer, PartitionBounds> bounds = read(partitionIds);
            bounds.forEach(watcher::advanced);
            partitionIds.stream().filter(id -> !bounds.containsKey(id)).forEach(watcher::removed);
        }
    }

    /** Empty if a head names a segment before this one. */
    private Optional<Map<Integer, PartitionBounds>> read(Integer[] ids, int segment) {
        Map<Integer, PartitionBounds> bounds = new HashMap<>();
        for (Row row : jdbc.sql(OpenSegments.from(segment, sql.text("select-bounds")))
                .param("ids", ids)
                .query((row, _) -> new Row(
                        row.getInt(1),
                        row.getInt(5),
                        PartitionBounds.of(
                                new PartitionBounds.Epoch(row.getInt(2), row.getLong(8)),
                                row.getLong(3),
                                row.getLong(7),
                                row.getLong(4),
                                row.getInt(6))))
                .list()) {
            if (row.segment() < segment) {
                return Optional.empty();
            }
            segments.saw(row.segment());
            bounds.put(row.partitionId(), row.bounds());
        }
        return Optional.of(bounds);
    }

    private int oldestOpenSegment() {
        return jdbc.sql(sql.text("select-oldest-open-segment"))
                .query(Integer.class)
                .single();
    }
}
