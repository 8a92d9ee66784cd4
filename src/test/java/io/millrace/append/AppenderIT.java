package io.millrace.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.eventlog.AppendLog;
import io.millrace.eventlog.CommitListener;
import io.millrace.eventlog.RecordBatch;
import io.millrace.replication.Replication;
import io.millrace.testing.Hub;
import io.millrace.time.SettableTicker;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import io.millrace.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class AppenderIT {

    private static Hub hub;
    private static Appender appender;
    private static JdbcClient jdbc;

    @BeforeAll
    static void start() {
        hub = Hub.start("millrace.append.queue-capacity=256KB");
        appender = hub.bean(Appender.class);
        jdbc = hub.bean(JdbcClient.class);
        awaitReady();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void pipelinedRequestsKeepTheirOrder() throws Exception {
        Topic topic = hub.createTopic("pipelined", 7);
        List<CompletableFuture<Appended>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            // Alternately one record of one partition and several of all of them.
            List<NewRecord> records = new ArrayList<>(List.of(record("same key", "" + i)));
            for (int other = 0; other < i % 9; other++) {
                records.add(record("other " + other, "x"));
            }
            answers.add(appender.append(topic, records));
        }

        long last = -1;
        for (CompletableFuture<Appended> answer : answers) {
            long offset = answer.get().offsets()[0];
            assertThat(offset).isGreaterThan(last);
            last = offset;
        }
        assertThat(values(topic, "key = 'same key'"))
                .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 300)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void aRequestIsStoredWholeOrNotAtAllWhenItsTopicIsDeleted() throws Exception {
        int recordsOfEach = 12;
        for (int round = 0; round < 5; round++) {
            Topic topic = hub.createTopic("deleted-" + round, 5);
            // The rows outlive the topic: they show what a commit has written.
            Thread deleter =
                    Thread.ofVirtual().start(() -> hub.bean(Topics.class).delete(topic.name(), _ -> true));
            List<CompletableFuture<Appended>> answers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String id = "\"" + i + "\"";
                answers.add(appender.append(
                        topic,
                        java.util.stream.IntStream.range(0, recordsOfEach)
                                .mapToObj(r -> record("k" + r, id))
                                .toList()));
            }
            deleter.join();
            for (int i = 0; i < answers.size(); i++) {
                int stored = jdbc.sql("select count(*) from millrace.record_batch b, unnest(b.record_values) v where"
                                + " b.partition_id = any (:ids) and v = convert_to(:value, 'UTF8')")
                        .param("ids", topic.partitionIds().toArray(Integer[]::new))
                        .param("value", "\"" + i + "\"")
                        .query(Integer.class)
                        .single();
                assertThat(stored).isEqualTo(errorOf(answers.get(i)) == null ? recordsOfEach : 0);
            }
        }
    }

    @Test
    void aFullQueueRefusesAtOnceAndWhatItAcceptedIsStored() throws Exception {
        Topic topic = hub.createTopic("full", 1);
        List<CompletableFuture<Appended>> accepted = new ArrayList<>();
        try (Connection blocker = hub.bean(DataSource.class).getConnection()) {
            blocker.setAutoCommit(false);
            blocker.createStatement()
                    .execute("select 1 from millrace.partition_head where partition_id = " + topic.partitionId(0)
                            + " for update");
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            accepted.add(appender.append(topic, List.of(record("k", "x".repeat(1000)))));
                        }
                    })
                    .isInstanceOfSatisfying(HubException.class, refusal -> assertThat(refusal.error())
                            .isEqualTo(HubError.OVERLOADED));
            assertThat(accepted).isNotEmpty().noneMatch(CompletableFuture::isDone);
            blocker.rollback();
        }
        for (int i = 0; i < accepted.size(); i++) {
            assertThat(accepted.get(i).get().offsets()).containsExactly(i);
        }
        assertThat(appender.append(topic, List.of(record("k", "y"))).get().offsets())
                .containsExactly(accepted.size());
    }

    /** When the connections are cut, a commit is in progress, waiting for the heads: so all outcomes occur. */
    @Test
    void everyAnswerIsTrueWhenTheConnectionsAreCut() throws Exception {
        Topic topic = hub.createTopic("cut", 3);
        Set<String> stored = new HashSet<>();
        Set<String> refused = new HashSet<>();
        Set<String> unknown = new HashSet<>();
        for (int round = 0; round < 4; round++) {
            awaitReady();
            Map<String, CompletableFuture<Appended>> answers = new LinkedHashMap<>();
            appendAll(topic, round + "-before-", answers, refused);
            CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                    .join();
            try (Connection other = hub.bean(DataSource.class).getConnection()) {
                other.setAutoCommit(false);
                other.createStatement().execute("select from millrace.partition_head for update");
                appendAll(topic, round + "-during-", answers, refused);
                await().until(AppenderIT::aLaneWaits);
                cutLanes();
                appendAll(topic, round + "-after-", answers, refused);
                other.rollback();
            }
            for (Map.Entry<String, CompletableFuture<Appended>> answer : answers.entrySet()) {
                HubError error = errorOf(answer.getValue());
                if (error == null) {
                    stored.add(answer.getKey());
                } else if (error == HubError.STORAGE_UNAVAILABLE) {
                    refused.add(answer.getKey());
                } else {
                    assertThat(error).isEqualTo(HubError.OUTCOME_UNKNOWN);
                    unknown.add(answer.getKey());
                }
            }
        }
        assertThat(stored).isNotEmpty();
        assertThat(refused).isNotEmpty();
        assertThat(unknown).isNotEmpty();

        List<String> log = jdbc.sql("select value::text from millrace.record where topic = 'cut'")
                .query(String.class)
                .list();
        assertThat(log).containsAll(stored).doesNotContainAnyElementsOf(refused).doesNotHaveDuplicates();
        // Two topics with consecutive ids are in different lanes: both lanes must work before the next test.
        for (Topic each : List.of(hub.createTopic("healed-0", 1), hub.createTopic("healed-1", 1))) {
            await().ignoreExceptions().until(() -> errorOf(appender.append(each, List.of(record("k", "1")))) == null);
        }
    }

    @Test
    void aStalledLaneRefusesRequests() throws Exception {
        SettableTicker time = SettableTicker.flowing();
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Topic topic = hub.createTopic("hangs", 1);
        Appender hanging = new Appender(
                hub.bean(AppendLog.class),
                List.of(new HangingListener(hangs, goOn)),
                hub.bean(AppendProperties.class),
                new AppendMetrics(new SimpleMeterRegistry()),
                hub.bean(TopicCatalogue.class),
                hub.bean(Replication.class),
                Clock.systemUTC(),
                time,
                new Random());
        hanging.start();
        try {
            await().until(hanging::ready);
            CompletableFuture<Appended> first = hanging.append(topic, List.of(record("k", "1")));
            hangs.await();

            time.advance(Duration.ofSeconds(4));

            assertThatThrownBy(() -> hanging.append(topic, List.of(record("k", "2"))))
                    .isInstanceOfSatisfying(HubException.class, refusal -> assertThat(refusal.error())
                            .isEqualTo(HubError.STORAGE_UNAVAILABLE));
            // The other lane seems stalled too, until its next round.
            await().untilAsserted(() -> assertThat(hanging.obstacles()).hasSize(1));

            goOn.countDown();
            assertThat(first.get().offsets()).containsExactly(0);
            await().until(hanging::ready);
            hanging.append(topic, List.of(record("k", "3"))).get();
        } finally {
            goOn.countDown();
            hanging.stop();
        }
    }

    /** Blocks the lane's thread after a commit. */
    private record HangingListener(CountDownLatch hangs, CountDownLatch goOn) implements CommitListener {

        @Override
        public void appended(List<RecordBatch> batches) {
            hangs.countDown();
            try {
                goOn.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static HubError errorOf(CompletableFuture<Appended> answer) throws Exception {
        try {
            answer.get();
            return null;
        } catch (ExecutionException failure) {
            return ((HubException) failure.getCause()).error();
        }
    }

    private static void cutLanes() {
        jdbc.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'millrace lane%'"
                        + " and datname = current_database()")
                .query(Boolean.class)
                .list();
    }

    /** Appends records one by one and notes those that are refused at once. */
    private static void appendAll(
            Topic topic, String prefix, Map<String, CompletableFuture<Appended>> answers, Set<String> refused) {
        for (int i = 0; i < 50; i++) {
            String id = "\"" + prefix + i + "\"";
            try {
                answers.put(id, appender.append(topic, List.of(record("k" + i, id))));
            } catch (HubException refusal) {
                assertThat(refusal.error()).isEqualTo(HubError.STORAGE_UNAVAILABLE);
                refused.add(id);
            }
        }
    }

    private static boolean aLaneWaits() {
        return jdbc.sql("select exists (select from pg_stat_activity where application_name like 'millrace lane%'"
                        + " and datname = current_database() and wait_event_type = 'Lock')")
                .query(Boolean.class)
                .single();
    }

    private static void awaitReady() {
        await().until(appender::ready);
    }

    private static List<String> values(Topic topic, String condition) {
        return jdbc.sql("select value_text from millrace.record where topic = :topic and " + condition
                        + " order by partition, \"offset\"")
                .param("topic", topic.name())
                .query(String.class)
                .list();
    }

    private static NewRecord record(String key, String value) {
        return new NewRecord(NewRecord.ANY_PARTITION, NewRecord.NO_TIMESTAMP, bytes(key), bytes(value), null, (byte) 0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
