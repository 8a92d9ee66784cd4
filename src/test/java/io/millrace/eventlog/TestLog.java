package io.millrace.eventlog;

import io.millrace.database.DedicatedConnections;
import io.millrace.testing.TestDatabase;
import io.millrace.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The log on a migrated database of its own, without the rest of the hub. */
final class TestLog {

    final JdbcClient jdbc;
    final Partitions partitions;
    final LogReader reader;
    final DedicatedConnections connections;
    final LogWriters writers;

    TestLog(TestDatabase database) {
        DataSource source = new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password());
        Flyway.configure()
                .dataSource(source)
                .schemas("millrace")
                .defaultSchema("millrace")
                .load()
                .migrate();
        this.jdbc = JdbcClient.create(source);
        this.partitions = new Partitions(jdbc, TestHighWatermarks.unused(), Ticker.SYSTEM);
        this.reader = new LogReader(jdbc, new SegmentStarts(jdbc, Clock.systemUTC()));
        this.connections = new DedicatedConnections(database.connectionDetails());
        this.writers = new LogWriters(
                connections,
                new LeaderEpochs(List.of(), List.of(), TestHighWatermarks.unused(), Ticker.SYSTEM),
                Ticker.SYSTEM);
    }

    int partition() {
        return partitions.create(1).getFirst();
    }

    PartitionBounds bounds(int partitionId) {
        return Objects.requireNonNull(partitions.bounds(List.of(partitionId)).get(partitionId));
    }

    /** Appends one batch of JSON values, all with one timestamp, and returns its first offset. */
    long append(int partitionId, long timestamp, String... values) throws Exception {
        try (LogWriter writer = writers.open("test")) {
            return base(writer.append(List.of(batch(partitionId, timestamp, values)))
                    .getFirst());
        }
    }

    static Slice batch(int partitionId, long timestamp, String... values) {
        long[] timestamps = new long[values.length];
        Arrays.fill(timestamps, timestamp);
        byte[] @Nullable [] bytes = Stream.of(values).map(TestLog::bytes).toArray(byte[][]::new);
        int size = Stream.of(bytes).mapToInt(value -> value.length).sum();
        return new Slice(partitionId, new RecordColumns(timestamps, null, bytes, null, null, size));
    }

    /** The first offset of a slice that is stored. */
    static long base(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Stored(long baseOffset) -> baseOffset;
            case Verdict.Gone() -> throw new AssertionError("the partition is gone");
        };
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** {@code offset=value} of every record in the batches. */
    static List<String> records(List<RecordBatch> batches) {
        return batches.stream()
                .flatMap(batch -> java.util.stream.IntStream.range(0, batch.count())
                        .mapToObj(i -> batch.offset(i) + "=" + text(batch.value(i))))
                .toList();
    }

    /** Sets the isolation level that new connections begin with. */
    void isolationByDefault(String level) {
        String database =
                jdbc.sql("select current_database()").query(String.class).single();
        jdbc.sql("alter database \"" + database + "\" set default_transaction_isolation = '" + level + "'")
                .update();
    }

    /** A dedicated connection, as lanes have. */
    java.sql.Connection connection() throws SQLException {
        return connections.open("test", "set jit = off");
    }
}
