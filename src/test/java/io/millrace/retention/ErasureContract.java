package io.millrace.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.erasure.Erasure;
import io.millrace.erasure.ErasureAdmin;
import io.millrace.eventlog.PartitionStarts;
import io.millrace.security.Caller;
import io.millrace.testing.TestDatabase;
import io.millrace.topic.CleanupPolicy;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of a key that was erased, no table holds a record, and all others are where they were. */
@Timeout(180)
abstract class ErasureContract {

    private static final TopicConfig FOR_EVER = new TopicConfig(-1, -1, CleanupPolicy.DELETE, 1024 * 1024, 1);

    private final CleanedLog log;

    ErasureContract(TestDatabase database) {
        log = CleanedLog.on(database);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void everyRecordOfTheKeyIsGoneAndAllOthersAreWhereTheyWere() throws Exception {
        Topic topic = log.topic("t", FOR_EVER);
        Topic other = log.topic("other", FOR_EVER);
        log.appendKeyed(topic, 0, "a=1", "b=1", "a", "c=1");
        log.appendKeyed(topic, 1, "a=elsewhere", "b=elsewhere");
        log.appendKeyed(other, 0, "a=1", "b=1");
        log.roll();
        log.appendKeyed(topic, 0, "a=2", "b=2");
        log.appendKeyed(topic, 0, "c=2");
        log.roll();
        log.appendKeyed(topic, 0, "d=1");

        Erasure asked = erase(topic, "a");
        log.clean();

        assertThat(log.records(topic, 0)).containsExactly("1 b=1", "3 c=1", "5 b=2", "6 c=2", "7 d=1");
        assertThat(log.records(topic, 1)).containsExactly("1 b=elsewhere");
        assertThat(log.records(other, 0)).containsExactly("0 a=1", "1 b=1");
        assertThat(log.recordsBySql("t")).isEqualTo(6);
        assertThat(log.bounds(topic, 0)).isEqualTo("0..8");
        assertThat(holding("a", topic)).isEmpty();
        Erasure erased = find(topic, asked);
        assertThat(erased.erasedAt()).isNotNull();
        assertThat(erased.segments()).isZero();
        assertThat(log.jdbc
                        .sql("select count(*) from millrace.erasure where key is null")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void whatHasComeSinceStays() throws Exception {
        Topic topic = log.topic("t", FOR_EVER);
        log.appendKeyed(topic, 0, "a=1", "b=1");

        Erasure asked = erase(topic, "a");
        log.appendKeyed(topic, 0, "a=2");
        log.clean();
        assertThat(log.records(topic, 0)).as("appends go to its segment").containsExactly("0 a=1", "1 b=1", "2 a=2");
        assertThat(find(topic, asked).erasedAt()).isNull();
        assertThat(find(topic, asked).segments()).isEqualTo(1);
        log.rollIfDue();
        log.appendKeyed(topic, 0, "a=3");
        log.clean();

        assertThat(log.records(topic, 0)).containsExactly("1 b=1", "2 a=2", "3 a=3");
        assertThat(find(topic, asked).erasedAt()).isNotNull();
    }

    @Test
    void deadRecordsOfTheKeyAreGoneTooAlsoThoseOfADeletedTopic() throws Exception {
        Topic topic = log.topic("t", FOR_EVER);
        Topic deleted = log.topic("deleted", FOR_EVER);
        log.appendKeyed(topic, 0, "a=1", "b=1");
        log.appendKeyed(topic, 0, "c=" + "x".repeat(100_000));
        log.appendKeyed(deleted, 1, "a=1", "b=1");
        log.roll();
        erase(topic, "a");
        erase(deleted, "a");
        log.hub.bean(PartitionStarts.class).move(Map.of(topic.partitionId(0), 2L));
        log.delete(deleted);

        log.clean();

        assertThat(holding("a", topic)).isEmpty();
        assertThat(holding("a", deleted)).isEmpty();
        assertThat(log.offsets(topic, 0)).containsExactly(2L);
        assertThat(log.jdbc
                        .sql("select count(*) from millrace.erasure where erased_at is not null")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    /** Readers that read up to the end would wait for it. */
    @Test
    void ofThePartitionsLastRecordTheOffsetStays() throws Exception {
        Topic topic = log.topic("t", FOR_EVER);
        log.appendKeyed(topic, 0, "b=1", "a=1", "a=2");
        log.roll();

        erase(topic, "a");
        log.clean();

        assertThat(log.offsets(topic, 0)).containsExactly(0L, 2L);
        assertThat(holding("a", topic)).isEmpty();
        assertThat(log.jdbc
                        .sql("select key is null and value is null and headers is null from millrace.record where"
                                + " \"offset\" = 2")
                        .query(Boolean.class)
                        .single())
                .isTrue();
        log.appendKeyed(topic, 0, "c=1");
        assertThat(log.offsets(topic, 0)).containsExactly(0L, 2L, 3L);
    }

    @Test
    void whoeverStillReadsATableKeepsTheKeyFromBeingCalledErased() throws Exception {
        Topic topic = log.topic("t", FOR_EVER);
        log.appendKeyed(topic, 0, "a=1", "b=1");
        log.roll();
        try (Connection report = log.connection("report");
                Statement statement = report.createStatement()) {
            report.setAutoCommit(false);
            report.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.executeQuery("select count(*) from millrace.record").close();
            log.advance(Duration.ofSeconds(3));

            Erasure asked = erase(topic, "a");
            log.clean();
            assertThat(log.records(topic, 0)).containsExactly("1 b=1");
            assertThat(find(topic, asked).erasedAt()).isNull();
            assertThat(find(topic, asked).segments()).isEqualTo(1);
            assertThat(log.waitsFor()).contains("report");
            report.commit();
            log.clean();

            assertThat(find(topic, asked).erasedAt()).isNotNull();
            assertThat(holding("a", topic)).isEmpty();
        }
    }

    @Test
    void aCompactedTopicsTombstonesKeepTheirDates() throws Exception {
        Topic topic = log.topic("t", CompactionContract.COMPACTED);
        log.appendKeyed(topic, 0, "a=1", "b=1", "b", "c=1");
        log.roll();
        log.clean();
        assertThat(log.records(topic, 0)).containsExactly("0 a=1", "2 b", "3 c=1");

        log.advance(Duration.ofHours(23));
        erase(topic, "a");
        log.clean();
        assertThat(log.records(topic, 0)).containsExactly("2 b", "3 c=1");
        log.advance(Duration.ofHours(2));
        log.clean();

        assertThat(log.records(topic, 0)).containsExactly("3 c=1");
    }

    @Test
    void manyKeysOfARandomHistoryAreErasedInAFewRounds() throws Exception {
        Topic topic = log.topic("t", FOR_EVER);
        Random random = new Random(11);
        List<Map<Long, String>> expected = List.of(new TreeMap<>(), new TreeMap<>());
        for (int round = 0; round < 5; round++) {
            for (int batch = 0; batch < 20; batch++) {
                int partition = random.nextInt(2);
                Map<Long, String> records = expected.get(partition);
                List<String> some = new ArrayList<>();
                long next = Long.parseLong(log.bounds(topic, partition).split("\\.\\.")[1]);
                for (int i = random.nextInt(1, 8); i > 0; i--, next++) {
                    String record = "k" + random.nextInt(20) + "=" + random.nextInt(1000);
                    some.add(record);
                    records.put(next, record);
                }
                log.appendKeyed(topic, partition, some.toArray(String[]::new));
            }
            for (int i = 0; i < 3; i++) {
                String key = "k" + random.nextInt(20);
                erase(topic, key);
                expected.forEach(records -> records.values().removeIf(record -> record.startsWith(key + "=")));
            }
            log.clean();
            if (random.nextBoolean()) {
                log.rollIfDue();
            }
        }
        expected.forEach(records -> records.put(1000L, "end=0"));
        for (int partition = 0; partition < 2; partition++) {
            log.appendKeyed(topic, partition, "end=0");
        }
        log.clean();
        log.rollIfDue();
        log.clean();

        for (int partition = 0; partition < 2; partition++) {
            List<String> left = log.records(topic, partition).stream()
                    .filter(record -> record.contains("="))
                    .map(record -> record.replaceFirst("^\\d+ end", "1000 end"))
                    .toList();
            assertThat(left)
                    .isEqualTo(expected.get(partition).entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .toList());
        }
        assertThat(log.jdbc
                        .sql("select count(*) from millrace.erasure where erased_at is null")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private Erasure erase(Topic topic, String key) {
        return log.hub
                .bean(ErasureAdmin.class)
                .request(Caller.ANYONE, topic.name(), key.getBytes(StandardCharsets.UTF_8));
    }

    private Erasure find(Topic topic, Erasure asked) {
        return log.hub.bean(ErasureAdmin.class).find(Caller.ANYONE, topic.name(), asked.id());
    }

    /** The tables, whether part of the log or not, in which a batch of the topic has the key. */
    private List<String> holding(String key, Topic topic) {
        return log.tables().stream()
                .filter(table -> log.jdbc
                        .sql("select exists (select from millrace." + table
                                + " where partition_id = any (:ids) and keys && array[:key]::bytea[])")
                        .param("ids", topic.partitionIds().toArray(Integer[]::new))
                        .param("key", key.getBytes(StandardCharsets.UTF_8))
                        .query(Boolean.class)
                        .single())
                .toList();
    }
}
