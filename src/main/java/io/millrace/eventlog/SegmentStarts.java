package io.millrace.eventlog;

import io.millrace.database.Sql;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Remembers where each partition starts in each segment, so that a read names the segment it needs and PostgreSQL skips
 * the others: with 200 segments that takes 0.07 ms instead of 1.4 ms.
 *
 * <p>What is remembered is correct in the version of the layout that it names. New segments do not change the version:
 * a read in the newest segment that is known also visits those after it. A read that finds another version finds
 * nothing, and looks up the starts again.
 */
@Component
class SegmentStarts {

    private static final Duration KEPT = Duration.ofSeconds(30);

    /** At this many partitions the map is cleared: an entry takes some 200 bytes. */
    private static final int MAX_PARTITIONS = 100_000;

    /**
     * Where to read a partition from an offset on.
     *
     * @param first and {@code last} the segments to read
     * @param end where the partition leaves the last of them; {@link Long#MAX_VALUE} for the newest
     * @param layout the version of the layout in which this is so
     */
    record Place(int first, int last, long end, long layout) {

        boolean isNewest() {
            return last == Integer.MAX_VALUE;
        }
    }

    private record Start(int segment, long firstOffset) {}

    private record Starts(List<Start> ascending, long layout, long readAtMillis) {

        Place of(long offset) {
            int found = 0;
            // If several segments start at one offset, only the last of them can hold records of this partition.
            while (found + 1 < ascending.size() && ascending.get(found + 1).firstOffset() <= offset) {
                found++;
            }
            if (ascending.isEmpty()) {
                return new Place(0, Integer.MAX_VALUE, Long.MAX_VALUE, layout);
            }
            int segment = ascending.get(found).segment();
            return found + 1 == ascending.size()
                    ? new Place(segment, Integer.MAX_VALUE, Long.MAX_VALUE, layout)
                    : new Place(segment, segment, ascending.get(found + 1).firstOffset(), layout);
        }
    }

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Sql sql = Sql.of(SegmentStarts.class);
    private final Map<Integer, Starts> known = new ConcurrentHashMap<>();

    SegmentStarts(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The segment that holds this offset, or the one after a gap at this offset. */
    Place placeOf(int partitionId, long offset) {
        Starts starts = known.get(partitionId);
        long now = clock.millis();
        if (starts == null || now - starts.readAtMillis() > KEPT.toMillis()) {
            if (known.size() >= MAX_PARTITIONS) {
                known.clear();
            }
            starts = read(partitionId, now);
            known.put(partitionId, starts);
        }
        return starts.of(offset);
    }

    /** Whether a segment may have been replaced since then; if so, the partition's starts are looked up again. */
    boolean haveChangedSince(int partitionId, long layout) {
        long version = jdbc.sql(sql.text("select-layout")).query(Long.class).single();
        if (version != layout) {
            known.remove(partitionId);
        }
        return version != layout;
    }

    private Starts read(int partitionId, long now) {
        List<Start> ascending = new ArrayList<>();
        long[] layout = {0};
        jdbc.sql(sql.text("select-segment-starts"))
                .param("partition_id", partitionId)
                .query(row -> {
                    layout[0] = row.getLong("version");
                    Integer segment = row.getObject("segment", Integer.class);
                    if (segment != null) {
                        ascending.add(new Start(segment, row.getLong("first_offset")));
                    }
                });
        return new Starts(List.copyOf(ascending), layout[0], now);
    }
}
