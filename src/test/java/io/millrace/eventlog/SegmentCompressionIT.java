package io.millrace.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.DebianPostgres;
import io.millrace.testing.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.util.unit.DataSize;

/** Debian's PostgreSQL has lz4, the embedded one does not. */
class SegmentCompressionIT {

    private static final int NO_LIMIT = 1_000_000;
    private static final DataSize NEVER_FULL = DataSize.ofGigabytes(1);
    private static final DataSize ALWAYS_FULL = DataSize.ofBytes(1);

    private static final String[] VALUES = Collections.nCopies(
                    500, "{\"date\":\"2001/01/01 00:47\",\"delay\":66,\"distance\":1750,\"origin\":\"DTW\"}")
            .toArray(String[]::new);

    @Test
    @EnabledIf("io.millrace.testing.DebianPostgres#installed")
    void batchesAreCompressedWhereTheServerHasLz4() throws Exception {
        TestLog log = new TestLog(DebianPostgres.newDatabase());
        int partition = log.partition();
        SegmentRoller roller = roller(log, NEVER_FULL, SegmentCompression.LZ4);

        log.append(partition, 1, VALUES);
        roller.round();
        log.append(partition, 1, VALUES);

        assertThat(compressions(log)).containsExactly("none", "lz4");
        assertThat(log.jdbc
                        .sql("select pg_column_size(record_values) from millrace.record_batch order by last_offset")
                        .query(Integer.class)
                        .list())
                .satisfies(sizes -> assertThat(sizes.get(0)).isGreaterThan(20 * sizes.get(1)));
        assertThat(log.reader.read(partition, 0, NO_LIMIT, NO_LIMIT))
                .allSatisfy(batch ->
                        assertThat(TestLog.text(batch.value(batch.count() - 1))).isEqualTo(VALUES[0]));
    }

    @Test
    @EnabledIf("io.millrace.testing.DebianPostgres#installed")
    void aSegmentIsCompressedFromItsBeginning() throws Exception {
        TestLog log = new TestLog(DebianPostgres.newDatabase());
        int partition = log.partition();
        SegmentRoller roller = roller(log, ALWAYS_FULL, SegmentCompression.LZ4);
        log.append(partition, 1, "first");

        roller.round();
        log.append(partition, 1, VALUES);

        assertThat(compressions(log)).containsExactly("none", "lz4");
        assertThat(log.jdbc
                        .sql("select segment from millrace.record_batch order by last_offset")
                        .query(Integer.class)
                        .list())
                .containsExactly(1, 2);
    }

    @Test
    @EnabledIf("io.millrace.testing.DebianPostgres#installed")
    void compressionCanBeTurnedOffAgain() throws Exception {
        TestLog log = new TestLog(DebianPostgres.newDatabase());
        int partition = log.partition();
        roller(log, NEVER_FULL, SegmentCompression.LZ4).round();
        log.append(partition, 1, VALUES);

        roller(log, NEVER_FULL, SegmentCompression.NONE).round();
        log.append(partition, 1, VALUES);

        assertThat(compressions(log)).containsExactly("lz4", "none");
        assertThat(log.reader.read(partition, 0, NO_LIMIT, NO_LIMIT)).hasSize(2);
    }

    /** If the change waited for the reader, all appends would wait for the change. */
    @Test
    @EnabledIf("io.millrace.testing.DebianPostgres#installed")
    void aSegmentLockedByALongReadIsRetriedLater() throws Exception {
        TestLog log = new TestLog(DebianPostgres.newDatabase());
        int partition = log.partition();
        SegmentRoller roller = roller(log, NEVER_FULL, SegmentCompression.LZ4);
        try (Connection report = log.connection();
                Statement statement = report.createStatement()) {
            report.setAutoCommit(false);
            statement.execute("select count(*) from millrace.record_batch");

            roller.round();
            log.append(partition, 1, VALUES);

            report.commit();
        }
        roller.round();
        log.append(partition, 1, VALUES);

        assertThat(compressions(log)).containsExactly("none", "lz4");
    }

    @Test
    void aServerWithoutLz4StoresBatchesUncompressed() throws Exception {
        TestLog log = new TestLog(TestPostgres.newDatabase());
        int partition = log.partition();

        roller(log, NEVER_FULL, SegmentCompression.LZ4).round();
        log.append(partition, 1, VALUES);

        assertThat(compressions(log)).containsExactly("none");
    }

    /** How the values of each batch are stored, in order of offset. */
    private static List<String> compressions(TestLog log) {
        return log.jdbc
                .sql("select coalesce(pg_column_compression(record_values), 'none') from millrace.record_batch order"
                        + " by last_offset")
                .query(String.class)
                .list();
    }

    private static SegmentRoller roller(TestLog log, DataSize maxSize, SegmentCompression compression) {
        return new SegmentRoller(
                log.jdbc,
                log.connections,
                new SegmentProperties(maxSize, Duration.ofDays(1), compression, Duration.ofSeconds(10)));
    }
}
