package io.millrace.retention;

import io.millrace.append.Appender;
import io.millrace.event.NewRecord;
import io.millrace.eventlog.LogReader;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import io.millrace.eventlog.RecordBatch;
import io.millrace.segment.Segment;
import io.millrace.segment.SegmentLedger;
import io.millrace.testing.DatabaseTime;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import io.millrace.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A hub whose segments begin, and whose log is cleaned, when the test says so. */
final class CleanedLog implements AutoCloseable {

    private static final int PARTITIONS = 2;

    final TestDatabase database;
    final Hub hub;
    final JdbcClient jdbc;
    private final DatabaseTime time;
    private final Random random = new Random(1);

    private CleanedLog(TestDatabase database, List<String> settings) {
        this.database = database;
        List<String> all = new ArrayList<>(List.of(
                "millrace.segment.check-interval=1d",
                "millrace.retention.check-interval=1d",
                "millrace.retention.work-share=1"));
        all.addAll(settings);
        this.hub = Hub.start(database, all.toArray(String[]::new));
        hub.stopLoop("segment-cleaner");
        hub.stopLoop("segment-roller");
        this.jdbc = hub.bean(JdbcClient.class);
        this.time = DatabaseTime.of(database);
    }

    static CleanedLog on(TestDatabase database, String... settings) {
        return new CleanedLog(database, List.of(settings));
    }

    Topic topic(String name, TopicConfig config) {
        return hub.bean(Topics.class).create(name, PARTITIONS, config);
    }

    void delete(Topic topic) {
        hub.bean(Topics.class).delete(topic.name(), _ -> true);
    }

    long nowMillis() {
        return jdbc.sql("select (extract(epoch from millrace.now()) * 1000)::bigint")
                .query(Long.class)
                .single();
    }

    void advance(Duration duration) {
        time.advance(duration);
    }

    /** Appends one batch of small records. */
    void append(Topic topic, int partition, long timestamp, int count) {
        appendValues(topic, partition, timestamp, count, 10);
    }

    /** Appends one batch of records that lz4 cannot make smaller. */
    void appendValues(Topic topic, int partition, long timestamp, int count, int bytes) {
        List<NewRecord> records = IntStream.range(0, count)
                .mapToObj(_ -> new NewRecord(partition, timestamp, null, noise(bytes), null, (byte) 2))
                .toList();
        hub.bean(Appender.class).append(topic, records).join();
    }

    /** Appends one batch of records, each {@code key=value} or, for a tombstone, {@code key}. */
    void appendKeyed(Topic topic, int partition, String... records) {
        long now = nowMillis();
        hub.bean(Appender.class)
                .append(
                        topic,
                        Stream.of(records)
                                .map(record -> CompactionContract.keyed(partition, now, record))
                                .toList())
                .join();
    }

    private byte[] noise(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return value;
    }

    /** Text that lz4 makes no smaller than by a quarter. */
    String noiseText(int length) {
        return Base64.getEncoder().encodeToString(noise(length * 3 / 4));
    }

    /** One round of the cleaner. */
    void clean() throws Exception {
        hub.runLoop("segment-cleaner");
    }

    /** Begins the next segment. */
    void roll() throws Exception {
        jdbc.sql("update millrace.segment set roll_early = true where state = 'open'")
                .update();
        hub.runLoop("segment-roller");
    }

    void rollIfDue() throws Exception {
        hub.runLoop("segment-roller");
    }

    /** The offsets that a reader finds from the partition's start on. */
    List<Long> offsets(Topic topic, int partition) {
        List<Long> offsets = new ArrayList<>();
        read(topic, partition, (batch, index) -> offsets.add(batch.offset(index)));
        return offsets;
    }

    /** What a reader finds, as {@code offset key=value}. */
    List<String> records(Topic topic, int partition) {
        List<String> records = new ArrayList<>();
        read(topic, partition, (batch, index) -> {
            byte[] value = batch.value(index);
            records.add(batch.offset(index) + " " + text(batch.key(index)) + (value == null ? "" : "=" + text(value)));
        });
        return records;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private void read(Topic topic, int partition, ObjIntConsumer<RecordBatch> visitor) {
        int id = topic.partitionId(partition);
        long offset = hub.bean(Partitions.class).stored(List.of(id)).get(id).start();
        List<RecordBatch> page = hub.bean(LogReader.class).read(id, offset, 3, 1_000_000);
        while (!page.isEmpty()) {
            for (RecordBatch batch : page) {
                for (int i = batch.indexOf(offset); i < batch.count(); i++) {
                    visitor.accept(batch, i);
                }
                offset = batch.lastOffset() + 1;
            }
            page = hub.bean(LogReader.class).read(id, offset, 3, 1_000_000);
        }
    }

    String bounds(Topic topic, int partition) {
        int id = topic.partitionId(partition);
        PartitionBounds bounds = hub.bean(Partitions.class).stored(List.of(id)).get(id);
        return bounds.start() + ".." + bounds.end();
    }

    /** Another client of PostgreSQL. */
    Connection connection(String applicationName) throws SQLException {
        Connection connection =
                DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
        connection.setClientInfo("ApplicationName", applicationName);
        return connection;
    }

    /** What the cleaner waits for; null: nothing. */
    @Nullable
    String waitsFor() {
        return hub.bean(SegmentLedger.class).cleaning().waitsFor();
    }

    List<String> segments() {
        return jdbc.sql("select segment || ' ' || state from millrace.segment order by segment")
                .query(String.class)
                .list();
    }

    List<String> tables() {
        return jdbc.sql("select tablename from pg_tables where tablename like 'record_batch_%' order by tablename")
                .query(String.class)
                .list();
    }

    /** Those that PostgreSQL has statistics of. */
    List<String> analyzedColumns(String table) {
        return jdbc.sql("select attname from pg_stats where schemaname = 'millrace' and tablename = :table")
                .param("table", table)
                .query(String.class)
                .list();
    }

    long diskBytes() {
        return jdbc.sql("select coalesce(sum(pg_total_relation_size(('millrace.' || tablename)::regclass)), 0) from"
                        + " pg_tables where tablename like 'record_batch_%'")
                .query(Long.class)
                .single();
    }

    /** Keys, values and headers that may be read, as counted. */
    long liveBytes() {
        return hub.bean(SegmentLedger.class).segments().stream()
                .mapToLong(Segment::liveBytes)
                .sum();
    }

    long deadTuples() {
        return jdbc.sql("select coalesce(sum(n_dead_tup), 0) from pg_stat_user_tables where relname like"
                        + " 'record_batch_%'")
                .query(Long.class)
                .single();
    }

    long recordsBySql(String topic) {
        return jdbc.sql("select count(*) from millrace.record where topic = :topic")
                .param("topic", topic)
                .query(Long.class)
                .single();
    }

    @Override
    public void close() {
        time.close();
        hub.close();
    }
}
