package io.millrace.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testing.TestDatabase;
import io.millrace.topic.CleanupPolicy;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records expire, segments are rewritten and dropped, and readers find what is left. */
@Timeout(120)
abstract class RetentionContract {

    private static final TopicConfig FOR_EVER = TopicConfig.DEFAULTS;
    private static final int VALUE_BYTES = 1000;

    private final CleanedLog log;

    RetentionContract(TestDatabase database) {
        log = CleanedLog.on(database);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aBatchGoesWhenItsNewestRecordIsTooOld() throws Exception {
        Topic topic = log.topic("t", new TopicConfig(3_600_000, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        long now = log.nowMillis();
        log.append(topic, 0, now - 7_200_000, 2);
        log.append(topic, 0, now - 3_599_000, 2);
        log.append(topic, 0, now - 7_200_000, 2);

        log.clean();

        assertThat(log.offsets(topic, 0)).as("nothing goes before what is kept").containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void aTimestampFromTheFutureDoesNotKeepRecords() throws Exception {
        Topic topic = log.topic("t", new TopicConfig(3_600_000, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        log.append(topic, 0, log.nowMillis() + Duration.ofDays(9999).toMillis(), 3);
        log.clean();
        assertThat(log.offsets(topic, 0)).hasSize(3);

        log.advance(Duration.ofMinutes(61));
        log.clean();

        assertThat(log.offsets(topic, 0)).isEmpty();
        assertThat(log.bounds(topic, 0)).isEqualTo("3..3");
    }

    @Test
    void asManyBytesAreKeptAsTheTopicAsksForAndNoMoreThanABatchBesides() throws Exception {
        Topic topic = log.topic("t", new TopicConfig(-1, 10_000, CleanupPolicy.DELETE, 1024 * 1024, 1));
        for (int i = 0; i < 25; i++) {
            log.appendValues(topic, 0, log.nowMillis(), 1, VALUE_BYTES);
            if (i % 7 == 0) {
                log.roll();
            }
        }
        log.clean();
        assertThat(log.offsets(topic, 0)).containsExactlyElementsOf(range(15, 25));

        log.appendValues(topic, 0, log.nowMillis(), 1, VALUE_BYTES / 2);
        log.clean();

        assertThat(log.offsets(topic, 0))
                .as("without the oldest there would be too few")
                .containsExactlyElementsOf(range(15, 26));
    }

    @Test
    void aSegmentInWhichNothingIsLeftIsDropped() throws Exception {
        Topic topic = log.topic("t", new TopicConfig(3_600_000, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        log.append(topic, 0, log.nowMillis(), 3);
        log.roll();
        log.clean();
        assertThat(log.segments()).containsExactly("1 sealed", "2 open");

        log.advance(Duration.ofHours(2));
        log.append(topic, 0, log.nowMillis(), 2);
        log.clean();

        assertThat(log.segments()).containsExactly("2 open");
        assertThat(log.tables()).containsExactly("record_batch_2");
        assertThat(log.offsets(topic, 0)).containsExactly(3L, 4L);
        assertThat(log.recordsBySql("t")).isEqualTo(2);
    }

    @Test
    void aSegmentInWhichMuchIsDeadIsRewrittenForWhatIsKept() throws Exception {
        Topic hour = log.topic("hour", new TopicConfig(3_600_000, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        Topic year = log.topic("year", new TopicConfig(-1, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        for (int segment = 0; segment < 4; segment++) {
            log.appendValues(hour, 0, log.nowMillis(), 90, VALUE_BYTES);
            log.append(year, segment % 2, log.nowMillis(), 5);
            log.roll();
        }
        List<Long> first = log.offsets(year, 0);
        log.advance(Duration.ofHours(2));

        log.clean();

        assertThat(log.segments()).containsExactly("-1 sealed", "5 open");
        assertThat(log.tables()).containsExactly("record_batch_5", "record_batch_r1");
        assertThat(log.offsets(year, 0)).containsExactlyElementsOf(first).hasSize(10);
        assertThat(log.offsets(year, 1)).hasSize(10);
        assertThat(log.recordsBySql("year")).isEqualTo(20);
        log.append(year, 0, log.nowMillis(), 2);
        assertThat(log.offsets(year, 0)).containsExactlyElementsOf(range(0, 12));
        assertThat(log.offsets(hour, 0)).isEmpty();
    }

    @Test
    void aPartitionThatIsTooLargeForOneTransactionIsCopiedInPieces() throws Exception {
        Topic hour = log.topic("hour", new TopicConfig(3_600_000, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        Topic year = log.topic("year", new TopicConfig(-1, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        for (int i = 0; i < 9; i++) {
            log.appendValues(hour, 0, log.nowMillis(), 900, VALUE_BYTES);
            log.appendValues(year, 0, log.nowMillis(), 900, VALUE_BYTES);
        }
        log.append(year, 1, log.nowMillis(), 5);
        log.roll();
        log.advance(Duration.ofHours(2));

        log.clean();

        assertThat(log.segments()).containsExactly("-1 sealed", "2 open");
        assertThat(log.offsets(year, 0)).containsExactlyElementsOf(range(0, 8100));
        assertThat(log.offsets(year, 1)).containsExactlyElementsOf(range(0, 5));
    }

    @Test
    void recordsAreNotAnalyzedWhenTheirSegmentIsSealedOrRewritten() throws Exception {
        Topic hour = log.topic("hour", new TopicConfig(3_600_000, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        Topic year = log.topic("year", new TopicConfig(-1, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        log.appendValues(hour, 0, log.nowMillis(), 50, VALUE_BYTES);
        log.append(year, 0, log.nowMillis(), 5);
        log.append(year, 1, log.nowMillis(), 5);
        log.roll();
        log.clean();
        assertThat(log.analyzedColumns("record_batch_1"))
                .contains("last_offset")
                .doesNotContain("record_values");
        log.advance(Duration.ofHours(2));

        log.clean();

        assertThat(log.analyzedColumns("record_batch_r1"))
                .contains("last_offset")
                .doesNotContain("record_values");
    }

    @Test
    void aDeletedTopicsSpaceComesBackThoughItsSegmentWasBeingWrittenTo() throws Exception {
        Topic gone = log.topic("gone", FOR_EVER);
        Topic kept = log.topic("kept", FOR_EVER);
        log.append(kept, 0, log.nowMillis(), 2);
        for (int i = 0; i < 20; i++) {
            log.appendValues(gone, 0, log.nowMillis(), 1000, VALUE_BYTES);
        }
        log.clean();
        long before = log.diskBytes();

        log.delete(gone);
        log.clean();
        log.rollIfDue();
        log.clean();

        assertThat(before).isGreaterThan(20_000_000);
        assertThat(log.diskBytes()).isLessThan(1_000_000);
        assertThat(log.offsets(kept, 0)).containsExactly(0L, 1L);
    }

    /** As pg_dump's, or a report's: what it saw, it sees to its end. */
    @Test
    void anOldTransactionDelaysTheReturnOfSpaceButNeitherAppendsNorReads() throws Exception {
        Topic hour = log.topic("hour", new TopicConfig(3_600_000, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        Topic year = log.topic("year", new TopicConfig(-1, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        log.appendValues(hour, 0, log.nowMillis(), 50, VALUE_BYTES);
        log.append(year, 0, log.nowMillis(), 5);
        log.roll();
        try (Connection report = log.connection("report")) {
            report.setAutoCommit(false);
            report.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            assertThat(count(report)).isEqualTo(55);

            log.advance(Duration.ofHours(2));
            log.clean();

            assertThat(log.waitsFor()).contains("a transaction that has been open for", "report, pid ");
            assertThat(log.segments()).containsExactly("-1 sealed", "1 retired", "2 open");
            assertThat(log.offsets(year, 0)).hasSize(5);
            log.append(year, 0, log.nowMillis(), 1);
            log.roll();
            log.append(year, 0, log.nowMillis(), 1);
            log.clean();
            assertThat(log.offsets(year, 0)).hasSize(7);
            assertThat(log.recordsBySql("year")).isEqualTo(7);
            assertThat(count(report)).isEqualTo(55);
        }
        log.clean();

        assertThat(log.waitsFor()).isNull();
        assertThat(log.segments()).noneMatch(segment -> segment.endsWith("retired"));
        assertThat(log.tables()).hasSameSizeAs(log.segments());
        assertThat(log.offsets(year, 0)).hasSize(7);
    }

    /** As when the cleaner dies, or a lock does not come in time, while it detaches. */
    @Test
    void aTableThatIsHalfDetachedIsDetachedToTheEnd() throws Exception {
        Topic hour = log.topic("hour", new TopicConfig(3_600_000, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        Topic year = log.topic("year", new TopicConfig(-1, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        for (int segment = 0; segment < 3; segment++) {
            log.appendValues(hour, 0, log.nowMillis(), 50, VALUE_BYTES);
            log.roll();
        }
        log.append(year, 0, log.nowMillis(), 5);
        log.clean();
        log.advance(Duration.ofHours(2));
        try (Connection reader = log.connection("reader");
                Connection cleaner = log.connection("cleaner");
                Statement detach = cleaner.createStatement()) {
            reader.setAutoCommit(false);
            count(reader);
            detach.execute("set lock_timeout = '100ms'");
            assertThatThrownBy(() -> detach.execute(
                            "alter table millrace.record_batch detach partition millrace.record_batch_2 concurrently"))
                    .hasMessageContaining("lock timeout");
        }
        log.append(year, 0, log.nowMillis(), 1);
        log.roll();
        log.append(year, 0, log.nowMillis(), 1);

        log.clean();

        assertThat(log.segments()).containsExactly("4 sealed", "5 open");
        assertThat(log.tables()).containsExactly("record_batch_4", "record_batch_5");
        assertThat(log.offsets(year, 0)).hasSize(7);
    }

    private static int count(Connection report) throws SQLException {
        try (Statement statement = report.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from millrace.record")) {
            row.next();
            return row.getInt(1);
        }
    }

    static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }
}
