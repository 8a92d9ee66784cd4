package io.millrace.segment;

import io.millrace.database.Sql;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tells what segments and partitions hold, as far as the cleaner has counted. Every method blocks; safe for any thread.
 */
@Component
public class SegmentLedger {

    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(SegmentLedger.class);

    SegmentLedger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A question for the first batch to keep of a partition within a segment.
     *
     * @param from batches that end before this are not asked about
     * @param bound a time in milliseconds since the epoch, or a number of bytes
     */
    public record Search(int partitionId, long from, long bound) {}

    /** All segments with what they hold, in the order of their age. */
    public List<Segment> segments() {
        return jdbc.sql(sql.text("select-segments"))
                .query((row, _) -> new Segment(
                        row.getInt("segment"),
                        Segment.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                        row.getBoolean("complete"),
                        row.getLong("written_bytes"),
                        row.getLong("live_bytes"),
                        row.getLong("disk_bytes")))
                .list();
    }

    /** What the given partitions have, by partition id, in the order of offsets. */
    public Map<Integer, List<Holding>> holdings(Collection<Integer> partitionIds) {
        Map<Integer, List<Holding>> holdings = new TreeMap<>();
        jdbc.sql(sql.text("select-holdings"))
                .param("ids", partitionIds.toArray(Integer[]::new))
                .query(row -> {
                    Holding holding = new Holding(
                            row.getInt("partition_id"),
                            row.getInt("segment"),
                            row.getLong("first_offset"),
                            row.getLong("counted_from"),
                            row.getLong("counted_to"),
                            row.getLong("byte_size"),
                            row.getLong("newest"),
                            row.getBoolean("complete"),
                            row.getLong("start_offset"),
                            row.getBoolean("compacted"),
                            row.getLong("tombstones_since"));
                    holdings.computeIfAbsent(holding.partitionId(), _ -> new ArrayList<>())
                            .add(holding);
                });
        return holdings;
    }

    /** How much the given partitions have, by partition id; partitions that do not exist are left out. */
    public Map<Integer, PartitionSize> sizes(Collection<Integer> partitionIds) {
        Map<Integer, PartitionSize> sizes = new HashMap<>();
        jdbc.sql(sql.text("select-sizes"))
                .param("ids", partitionIds.toArray(Integer[]::new))
                .query(row -> {
                    sizes.put(row.getInt(1), new PartitionSize(row.getLong(2), row.getInt(3)));
                });
        return sizes;
    }

    /**
     * The first offsets of the first batches whose age counts from the search's bound or later.
     *
     * @return by partition id; partitions that have none in the segment are left out
     */
    public Map<Integer, Long> firstNewer(int segment, List<Search> searches) {
        return search("select-first-newer", "oldest", segment, searches);
    }

    /**
     * The first offsets of the first batches that have to be kept if at most as many bytes as the search's bound shall
     * go.
     *
     * @return by partition id; partitions of which all in the segment may go are left out
     */
    public Map<Integer, Long> firstWithin(int segment, List<Search> searches) {
        return search("select-first-within", "excess", segment, searches);
    }

    /**
     * The bytes of a partition's batches that end before an offset.
     *
     * @param holdings what the partition has, in the order of offsets
     */
    public long bytesBefore(List<Holding> holdings, long offset) {
        long bytes = 0;
        for (Holding holding : holdings) {
            if (holding.countedTo() <= offset) {
                bytes += holding.bytes();
            } else if (holding.countedFrom() < offset) {
                bytes += jdbc.sql(sql.text("select-bytes-before"))
                        .param("segment", holding.segment())
                        .param("partition_id", holding.partitionId())
                        .param("from", holding.countedFrom())
                        .param("before", offset)
                        .query(Long.class)
                        .single();
            }
        }
        return bytes;
    }

    private Map<Integer, Long> search(String statement, String bound, int segment, List<Search> searches) {
        Map<Integer, Long> found = new HashMap<>();
        jdbc.sql(sql.text(statement))
                .param("segment", segment)
                .param(
                        "partition_ids",
                        searches.stream().map(Search::partitionId).toArray(Integer[]::new))
                .param("from_offsets", searches.stream().map(Search::from).toArray(Long[]::new))
                .param(bound, searches.stream().map(Search::bound).toArray(Long[]::new))
                .query(row -> {
                    Long offset = row.getObject("first_offset", Long.class);
                    if (offset != null) {
                        found.put(row.getInt("partition_id"), offset);
                    }
                });
        return found;
    }

    /** What the cleaner has done, as of the end of its last round. */
    public Cleaning cleaning() {
        return jdbc.sql(sql.text("select-cleaning"))
                .query((row, _) -> {
                    Timestamp ended = row.getTimestamp("ended_at");
                    return new Cleaning(
                            ended == null ? null : ended.toInstant(),
                            row.getLong("segments_freed"),
                            row.getLong("bytes_freed"),
                            row.getLong("bytes_rewritten"),
                            row.getLong("backlog_bytes"),
                            row.getString("waits_for"));
                })
                .single();
    }

    /** The time by which ages count: PostgreSQL's, in milliseconds since the epoch. */
    public long nowMillis() {
        return jdbc.sql(sql.text("select-now")).query(Long.class).single();
    }
}
