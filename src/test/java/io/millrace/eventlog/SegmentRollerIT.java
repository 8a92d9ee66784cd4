package io.millrace.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.database.Sql;
import io.millrace.testing.TestPostgres;
import io.millrace.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

class SegmentRollerIT {

    private static final int NO_LIMIT = 1_000_000;
    private static final Pattern SCANNED = Pattern.compile(" on record_batch_(\\d+)");

    private final TestLog log = new TestLog(TestPostgres.newDatabase());

    @Test
    void aSegmentThatIsNeitherFullNorOldStays() throws Exception {
        log.append(log.partition(), 1, "x");

        roller(DataSize.ofGigabytes(1), Duration.ofDays(1)).round();

        assertThat(segments()).containsExactly(1);
    }

    @Test
    void anEmptySegmentIsNotSealedForItsAge() throws Exception {
        roller(DataSize.ofGigabytes(1), Duration.ZERO).round();

        assertThat(segments()).containsExactly(1);
    }

    @Test
    void aFullSegmentIsSealedDuringAppendsAndNoRecordIsLost() throws Exception {
        List<Integer> partitions = log.partitions.create(250);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger rounds = new AtomicInteger();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try (LogWriter open = log.writers.open("test")) {
                while (!stop.get()) {
                    String value = "" + rounds.get();
                    open.append(partitions.stream()
                            .map(partition -> TestLog.batch(partition, 1, value))
                            .toList());
                    rounds.incrementAndGet();
                }
            } catch (Exception failure) {
                throw new CompletionException(failure);
            }
        });
        SegmentRoller roller = roller(DataSize.ofBytes(1), Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            awaitAppends(rounds, writing);
            roller.round();
        }
        awaitAppends(rounds, writing);
        stop.set(true);
        writing.join();

        assertThat(segments()).containsExactly(1, 2, 3, 4);
        assertThat(log.jdbc
                        .sql("select distinct segment from millrace.record_batch")
                        .query(Integer.class)
                        .list())
                .containsExactlyInAnyOrder(1, 2, 3, 4);
        for (int partition : List.of(partitions.getFirst(), partitions.getLast())) {
            assertThat(TestLog.records(log.reader.read(partition, 0, NO_LIMIT, NO_LIMIT)))
                    .containsExactlyElementsOf(IntStream.range(0, rounds.get())
                            .mapToObj(i -> i + "=" + i)
                            .toList());
            assertStartsAreExact(partition);
        }
    }

    /** Waits for two rounds: the second one began after this call. */
    private static void awaitAppends(AtomicInteger rounds, CompletableFuture<Void> writing) {
        int before = rounds.get();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .failFast("the writer has failed", writing::isCompletedExceptionally)
                .until(() -> rounds.get() >= before + 2);
    }

    /** Records before a segment's first offset lie in earlier segments, the others in that segment or later ones. */
    private void assertStartsAreExact(int partition) {
        assertThat(log.jdbc
                        .sql("select count(*) from millrace.record_batch b join millrace.segment_start s using"
                                + " (partition_id) where partition_id = :id and ((b.segment >= s.segment and"
                                + " b.last_offset < s.first_offset) or (b.segment < s.segment and b.last_offset >="
                                + " s.first_offset))")
                        .param("id", partition)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(log.jdbc
                        .sql("select segment from millrace.segment_start where partition_id = :id order by segment")
                        .param("id", partition)
                        .query(Integer.class)
                        .list())
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void timestampsAreFoundInWhicheverSegmentAndAfterAGap() throws Exception {
        int busy = log.partition();
        int idle = log.partition();
        SegmentRoller roller = roller(DataSize.ofBytes(1), Duration.ofDays(1));
        for (int segment = 1; segment <= 3; segment++) {
            log.append(busy, 100 * segment, "a", "b");
            log.append(busy, 100 * segment + 1, "c", "d");
            roller.round();
        }
        log.append(idle, 7, "a");
        Map<Integer, Long> expected = new TreeMap<>();
        Map<Integer, Long> found = new TreeMap<>();
        for (int offset = 0; offset < 12; offset++) {
            expected.put(offset, 100L * (offset / 4 + 1) + offset % 4 / 2);
            found.put(offset, timestamp(busy, offset));
        }
        assertThat(found).isEqualTo(expected);
        assertThat(log.reader.timestamps(Map.of(busy, 4L, idle, 0L))).isEqualTo(Map.of(busy, 200L, idle, 7L));
        assertThat(log.reader.timestamps(Map.of(busy, 12L, idle, 1L))).isEmpty();

        log.jdbc
                .sql("delete from millrace.record_batch where partition_id = :id and last_offset = 3")
                .param("id", busy)
                .update();
        log.jdbc
                .sql("delete from millrace.segment_start where partition_id = :id and segment = 2")
                .param("id", busy)
                .update();

        assertThat(List.of(timestamp(busy, 1), timestamp(busy, 2), timestamp(busy, 5)))
                .containsExactly(100L, 300L, 300L);
    }

    private long timestamp(int partition, long offset) {
        return log.reader.timestamps(Map.of(partition, offset)).getOrDefault(partition, -1L);
    }

    @Test
    void aPartitionKeepsItsEndUntilItHasABatchInTheNewSegment() throws Exception {
        int idle = log.partition();
        int busy = log.partition();
        log.append(idle, 900, "0", "1", "2");
        SegmentRoller roller = roller(DataSize.ofBytes(1), Duration.ofDays(1));
        try (LogWriter writer = log.writers.open("test")) {
            for (int i = 0; i < 3; i++) {
                writer.append(List.of(TestLog.batch(busy, i, "" + i)));
                roller.round();
            }
        }
        assertThat(log.bounds(idle)).isEqualTo(PartitionBounds.settled(0, 0, 3));
        try (LogWriter writer = log.writers.open("a writer that searches only the newest segment")) {
            assertThat(writer.append(List.of(TestLog.batch(idle, 5, "3"), TestLog.batch(busy, 5, "3"))))
                    .containsExactly(new Verdict.Stored(3), new Verdict.Stored(3));
        }

        assertThat(log.bounds(idle)).isEqualTo(PartitionBounds.settled(0, 0, 4));
        assertThat(log.bounds(busy)).isEqualTo(PartitionBounds.settled(0, 0, 4));
        assertThat(log.jdbc
                        .sql("select high_timestamp from millrace.record_batch where partition_id = :id order by"
                                + " last_offset")
                        .param("id", idle)
                        .query(Long.class)
                        .list())
                .as("the largest timestamp so far, though it is in another segment")
                .containsExactly(900L, 900L);
    }

    /** Otherwise a new head could name a segment that the others no longer search. */
    @Test
    void noSegmentBeginsWhilePartitionsAreBeingCreated() throws Exception {
        log.append(log.partition(), 1, "x");
        SegmentRoller roller = roller(DataSize.ofBytes(1), Duration.ofDays(1));
        try (var creating = log.connection()) {
            creating.setAutoCommit(false);
            creating.createStatement().execute("select millrace.create_partitions(1)");

            assertThatThrownBy(roller::round).hasMessageContaining("lock timeout");
            assertThat(segments()).containsExactly(1);

            creating.commit();
        }
        roller.round();

        assertThat(log.jdbc
                        .sql("select distinct segment from millrace.partition_head")
                        .query(Integer.class)
                        .list())
                .containsExactly(2);
    }

    /** As after a failover to a standby that had not received the newest commits. */
    @Test
    void endsAreReadCorrectlyAfterTheDatabaseHasLostItsNewestSegment() throws Exception {
        int partition = log.partition();
        log.append(partition, 1, "0", "1");
        SegmentRoller roller = roller(DataSize.ofBytes(1), Duration.ofDays(1));
        roller.round();
        PartitionEnds ends = new PartitionEnds(log.jdbc, Ticker.SYSTEM);
        assertThat(ends.read(List.of(partition)).get(partition).end()).isEqualTo(2);

        log.jdbc
                .sql("update millrace.partition_head set segment = 1, segment_offset = 0")
                .update();

        assertThat(ends.read(List.of(partition)).get(partition).end()).isEqualTo(2);
    }

    /** Both lock heads, which appends of all nodes wait for. */
    @ParameterizedTest
    @MethodSource
    void theServerEndsATransactionInWhichTheNodeFreezes(String settings) throws Exception {
        try (var connection = log.connections.open("frozen", settings);
                var statement = connection.createStatement()) {
            try (var timeout = statement.executeQuery("show idle_in_transaction_session_timeout")) {
                assertThat(timeout.next()).isTrue();
                assertThat(timeout.getString(1)).isEqualTo("10s");
            }
            statement.execute("set idle_in_transaction_session_timeout = '100ms'");
            connection.setAutoCommit(false);
            statement.execute("select from millrace.partition_head for update");

            await().until(() -> !connection.isValid(1));
        }
    }

    private static List<String> theServerEndsATransactionInWhichTheNodeFreezes() {
        return List.of(LogWriters.SETTINGS, SegmentRoller.SETTINGS);
    }

    @Test
    void aReadVisitsOnlyTheSegmentItNeeds() throws Exception {
        int partition = log.partition();
        SegmentRoller roller = roller(DataSize.ofBytes(1), Duration.ofDays(1));
        for (int i = 0; i < 5; i++) {
            log.append(partition, 1, "" + i);
            roller.round();
        }

        SegmentStarts starts = new SegmentStarts(log.jdbc, Clock.systemUTC());

        assertThat(LongStream.rangeClosed(0, 5)
                        .mapToObj(offset -> starts.placeOf(partition, offset).first()))
                .containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(scanned(planOfARead(partition, 3, starts.placeOf(partition, 3))))
                .containsExactly(4);
        log.append(partition, 1, "5");
        roller.round();
        assertThat(scanned(planOfARead(partition, 5, starts.placeOf(partition, 5))))
                .as("the newest that it knows, and the one that began later")
                .containsExactly(6, 7);
    }

    private static List<Integer> scanned(List<String> plan) {
        return SCANNED.matcher(String.join("\n", plan))
                .results()
                .map(table -> Integer.valueOf(table.group(1)))
                .toList();
    }

    private List<String> planOfARead(int partition, long firstOffset, SegmentStarts.Place place) {
        return log.jdbc
                .sql("explain (costs off) "
                        + LogReader.within(place, Sql.of(LogReader.class).text("select-batches")))
                .param("partition_id", partition)
                .param("first_offset", firstOffset)
                .param("layout", place.layout())
                .param("max_batches", 10)
                .param("max_bytes", NO_LIMIT)
                .query(String.class)
                .list();
    }

    private SegmentRoller roller(DataSize maxSize, Duration maxAge) {
        return new SegmentRoller(
                log.jdbc,
                log.connections,
                new SegmentProperties(maxSize, maxAge, SegmentCompression.LZ4, Duration.ofSeconds(10)));
    }

    private List<Integer> segments() {
        return log.jdbc
                .sql("select segment from millrace.segment order by segment")
                .query(Integer.class)
                .list();
    }
}
