package io.millrace.segment;

import io.millrace.database.Sql;
import io.millrace.database.StorageFailures;
import io.millrace.segment.Segments.Breaks;
import io.millrace.segment.Segments.Step;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Changes segments, by the node that holds the lock of {@link Segments}. Every method blocks, and can be interrupted
 * between any two statements: what it has done by then is of use to the next call, or is undone by it.
 *
 * <p>No statement takes a lock that appends or reads have to wait for: tables are attached, and detached concurrently,
 * under a lock of the log's table that conflicts with neither. A reader sees the segment that is replaced or the one
 * that replaces it, never both and never none, because the rows of {@code segment_start} that name them change in one
 * transaction.
 */
public final class SegmentStore {

    /** Copied in one transaction: an open one keeps PostgreSQL from removing dead versions of rows elsewhere. */
    private static final long CHUNK_BYTES = 4L * 1024 * 1024;

    private static final String ANY_TABLE = "record_batch_1\n";

    /** How often statements that began a moment before a segment was retired are waited for. */
    private static final int MOMENTS = 10;

    private final JdbcTemplate template;
    private final JdbcClient jdbc;
    private final Sql sql;
    private final Breaks breaks;

    SegmentStore(Connection connection, Sql sql, Breaks breaks) {
        this.template = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
        this.jdbc = JdbcClient.create(template);
        this.sql = sql;
        this.breaks = breaks;
    }

    /**
     * Brings all counts up to date. Each batch is counted once when it has come and once when it has died, so this
     * costs what has happened since the last time.
     */
    public void count() throws InterruptedException {
        for (int segment : jdbc.sql(sql.text("select-uncounted-segments"))
                .query(Integer.class)
                .list()) {
            count(segment);
        }
    }

    private void count(int segment) throws InterruptedException {
        Integer after = 0;
        while (after != null) {
            Counted counted = jdbc.sql(sql.text("count-batches"))
                    .param("segment", segment)
                    .param("after", after)
                    .query((row, _) -> new Counted(row.getObject(1, Integer.class), row.getLong(2)))
                    .single();
            if (counted.bytes() > 0) {
                jdbc.sql(sql.text("add-written-bytes"))
                        .param("segment", segment)
                        .param("bytes", counted.bytes())
                        .update();
            }
            after = counted.last();
            breaks.after(Step.COUNTED);
        }
    }

    /** @param last the last partition that was looked at; null: there is none left */
    private record Counted(@Nullable Integer last, long bytes) {}

    /**
     * Fails if PostgreSQL has ended this session, and another node may clean. Called at least every 60 s by work on
     * other connections, else PostgreSQL ends it.
     */
    public void touch() {
        jdbc.sql(sql.text("select-now")).query(Long.class).single();
    }

    /** Saves the end of a round: its counts are added to those before. */
    public void ended(Cleaning round) {
        jdbc.sql(sql.text("save-cleaning"))
                .param("segments_freed", round.segmentsFreed())
                .param("bytes_freed", round.bytesFreed())
                .param("bytes_rewritten", round.bytesRewritten())
                .param("backlog_bytes", round.backlogBytes())
                .param("waits_for", round.waitsFor())
                .update();
    }

    /** Seals a segment that cannot grow any more: counts it to its end, and freezes its table. */
    public void seal(Segment segment) throws InterruptedException {
        int number = segment.number();
        count(number);
        // A table in which nothing is left is dropped in a moment.
        if (segment.liveBytes() > 0) {
            freeze(number);
            breaks.after(Step.FROZEN);
        }
        jdbc.sql(sql.text("seal-segment")).param("segment", number).update();
        breaks.after(Step.SEALED);
    }

    /**
     * Retires the sealed segments in which nothing can be read any more.
     *
     * @return their numbers
     */
    public List<Integer> retireDead() throws InterruptedException {
        jdbc.sql(sql.text("delete-dead-starts")).update();
        List<Integer> retired =
                jdbc.sql(sql.text("retire-dead-segments")).query(Integer.class).list();
        breaks.after(Step.RETIRED);
        return retired;
    }

    /** Asks the roller to begin the next segment, so that this one can be cleaned. */
    public void rollEarly(Segment segment) {
        jdbc.sql(sql.text("roll-early")).param("segment", segment.number()).update();
    }

    /**
     * Copies what may still be read of these segments to a new one, which takes their place.
     *
     * @param run sealed segments in the order of their age, with none between them
     * @return the number of the new segment
     */
    public int replace(List<Segment> run) throws InterruptedException {
        List<Integer> replaced = run.stream().map(Segment::number).toList();
        int created = create(replaced, run.getLast().number());
        for (int from : replaced) {
            copy(from, created, Set.of());
        }
        replace(created, replaced, null);
        return created;
    }

    /**
     * Creates a segment to be filled with batches of others.
     *
     * @param replaced these others
     * @param last the newest of them: each partition that the new one takes over, it takes over up to there
     * @return its number
     */
    public int create(List<Integer> replaced, int last) throws InterruptedException {
        int created = jdbc.sql(sql.text("create-replacement"))
                .param("segments", replaced.toArray(Integer[]::new))
                .param("last_segment", last)
                .query(Integer.class)
                .single();
        breaks.after(Step.CREATED);
        return created;
    }

    /**
     * Lets a segment that has been filled take the place of others.
     *
     * @param partitionIds of these alone, which it has compacted; null: of all
     */
    public void replace(int created, List<Integer> replaced, @Nullable List<Integer> partitionIds)
            throws InterruptedException {
        jdbc.sql(sql.text("index-replacement"))
                .param("segment", created)
                .query((_, _) -> true)
                .single();
        breaks.after(Step.INDEXED);
        freeze(created);
        breaks.after(Step.FROZEN);
        jdbc.sql(sql.text("attach-replacement"))
                .param("segment", created)
                .query((_, _) -> true)
                .single();
        breaks.after(Step.ATTACHED);
        jdbc.sql(sql.text("replace-segments"))
                .param("segment", created)
                .param("segments", replaced.toArray(Integer[]::new))
                .param("partition_ids", partitionIds == null ? null : partitionIds.toArray(Integer[]::new))
                .param("compacted", partitionIds != null)
                .query((_, _) -> true)
                .single();
        breaks.after(Step.REPLACED);
    }

    /** Statements in the session that holds the lock, in autocommit mode. */
    public JdbcTemplate jdbc() {
        return template;
    }

    /** To be called after each piece of work in that session. */
    public Breaks breaks() {
        return breaks;
    }

    private record Live(int partitionId, long bytes, long batches) {

        /** How many of its batches are a chunk. */
        long chunk() {
            return Math.max(1, CHUNK_BYTES / Math.max(1, bytes / Math.max(1, batches)));
        }
    }

    /**
     * Copies what may still be read of a segment to one that is being filled: partitions together as long as they are
     * small, and a large one in pieces.
     *
     * @param except partitions that are left out
     */
    public void copy(int from, int to, Set<Integer> except) throws InterruptedException {
        List<Live> all = jdbc.sql(sql.text("select-live-starts"))
                .param("segment", from)
                .query((row, _) -> new Live(row.getInt(1), row.getLong(2), row.getLong(3)))
                .list();
        List<Integer> some = new ArrayList<>();
        long bytes = 0;
        for (Live live : all) {
            if (except.contains(live.partitionId())) {
                continue;
            }
            if (live.bytes() > CHUNK_BYTES) {
                copyInPieces(from, to, live);
                continue;
            }
            some.add(live.partitionId());
            bytes += live.bytes();
            if (bytes > CHUNK_BYTES) {
                copySome(from, to, some, 0, Long.MAX_VALUE);
                some.clear();
                bytes = 0;
            }
        }
        if (!some.isEmpty()) {
            copySome(from, to, some, 0, Long.MAX_VALUE);
        }
    }

    private void copyInPieces(int from, int to, Live live) throws InterruptedException {
        Long last = -1L;
        while (last != null) {
            last = copySome(from, to, List.of(live.partitionId()), last + 1, live.chunk());
        }
    }

    /** Returns the last offset that was copied; null if nothing was. */
    private @Nullable Long copySome(int from, int to, List<Integer> partitionIds, long offset, long maxBatches)
            throws InterruptedException {
        Long last = jdbc.sql(sql.text("copy-live-batches"))
                .param("from_segment", from)
                .param("to_segment", to)
                .param("ids", partitionIds.toArray(Integer[]::new))
                .param("offset", offset)
                .param("max_batches", maxBatches)
                .query(Long.class)
                .optional()
                .orElse(null);
        breaks.after(Step.COPIED);
        return last;
    }

    /** Once, when its table can no longer change: later reads and vacuums need not write its pages again. */
    private void freeze(int segment) {
        jdbc.sql("vacuum (freeze, analyze) millrace." + table(segment)).update();
    }

    /**
     * A statement on a segment's own table, which need not be part of the log's.
     *
     * @param statement names {@code record_batch_1}, the table of segment 1, last in a line
     */
    public String onTable(int segment, String statement) {
        return statement.replace(ANY_TABLE, table(segment) + "\n");
    }

    private String table(int segment) {
        return find(segment).name();
    }

    /** What the table of a segment takes on disk, with index and TOAST; 0 if there is none. */
    public long diskBytes(int segment) {
        return find(segment).diskBytes();
    }

    private record Table(String name, boolean present, boolean attached, long diskBytes) {}

    /** What became of a segment that nobody reads any more. */
    public sealed interface Freed {

        /** @param diskBytes what its table took */
        record Dropped(long diskBytes) implements Freed {}

        /** @param reason who keeps its table from being dropped, for people */
        record Waiting(String reason) implements Freed {}
    }

    /**
     * Drops the table of a retired segment, or of one that was being filled when the cleaner died. Does not wait for
     * readers that began before it was retired: the next call tries again.
     */
    public Freed free(Segment segment) throws InterruptedException {
        int number = segment.number();
        Table found = find(number);
        if (found.present()) {
            OldReader reader = oldReader(number);
            // Statements of a moment ago have ended soon.
            for (int i = 0; i < MOMENTS && reader != null && reader.seconds() < 2; i++) {
                breaks.after(Step.WAITED);
                reader = oldReader(number);
            }
            if (reader != null) {
                return new Freed.Waiting(reader.text());
            }
            try {
                drop(found);
            } catch (DataAccessException failure) {
                if (StorageFailures.isLockTimeout(failure)) {
                    return new Freed.Waiting("a lock of " + found.name());
                }
                throw failure;
            }
        }
        jdbc.sql(sql.text("delete-segment-starts")).param("segment", number).update();
        jdbc.sql(sql.text("delete-segment")).param("segment", number).update();
        breaks.after(Step.FORGOTTEN);
        return new Freed.Dropped(found.diskBytes());
    }

    /** PostgreSQL detaches one table at a time, and first wants the one finished that was half detached. */
    private void drop(Table found) throws InterruptedException {
        if (found.attached()) {
            List<String> halfDetached = jdbc.sql(sql.text("select-half-detached"))
                    .query(String.class)
                    .list();
            for (String table : halfDetached) {
                detach(table, "finalize");
            }
            if (!halfDetached.contains(found.name())) {
                detach(found.name(), "concurrently");
            }
            breaks.after(Step.DETACHED);
        }
        jdbc.sql("drop table millrace." + found.name()).update();
        breaks.after(Step.DROPPED);
    }

    private void detach(String table, String how) {
        jdbc.sql("alter table millrace.record_batch detach partition millrace." + table + " " + how)
                .update();
    }

    private Table find(int segment) {
        return jdbc.sql(sql.text("select-segment-table"))
                .param("segment", segment)
                .query((row, _) -> new Table(row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getLong(4)))
                .single();
    }

    private record OldReader(String name, int pid, long seconds) {

        String text() {
            return "a transaction that has been open for " + seconds + " s: " + name + ", pid " + pid;
        }
    }

    private @Nullable OldReader oldReader(int segment) {
        return jdbc.sql(sql.text("select-old-readers"))
                .param("segment", segment)
                .query((row, _) -> new OldReader(row.getString("name"), row.getInt("pid"), row.getLong("seconds")))
                .optional()
                .orElse(null);
    }
}
