package io.millrace.stream.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.append.Appender;
import io.millrace.cursor.Bases;
import io.millrace.cursor.Positions;
import io.millrace.event.NewRecord;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Cursors are short for any number of partitions, and resume exactly, on another node too. */
class ShortCursorIT {

    private static final int RECORDS = 700;

    /** A length that proxies and browsers accept, with room for the rest of a request's head. */
    private static final int SHORT = 4000;

    private static Hub first;
    private static Hub second;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        first = Hub.start(database);
        second = Hub.start(database);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1_000, 2_000, 10_000})
    void aStreamIsResumedExactlyAfterAnyEvent(int partitions) throws IOException {
        Topic topic = first.createTopic("short-" + partitions, partitions);
        produce(topic, 0, RECORDS);
        String path = "/v1/topics/" + topic.name() + "/stream";
        List<String> ids = new ArrayList<>();
        List<Integer> values = new ArrayList<>();
        try (SseClient client = SseClient.connect(first, path + "?from=earliest")) {
            long[] expected = new long[partitions];
            check(topic, String.valueOf(client.nextControl("assigned").lastId()), expected, ids);
            for (int i = 0; i < RECORDS; i++) {
                SseClient.Event event = client.nextRecord();
                values.add(event.data().get("value").intValue());
                expected[event.data().get("partition").intValue()]++;
                check(topic, String.valueOf(event.lastId()), expected, ids);
            }
        }
        assertThat(values).doesNotHaveDuplicates();
        for (int seen : new int[] {0, 1, 205, 399, 400, RECORDS - 1}) {
            Set<Integer> rest = new TreeSet<>(values.subList(seen, RECORDS));
            boolean header = seen % 2 == 0;
            String query = header ? path : path + "?cursor=" + ids.get(seen);
            try (SseClient client = SseClient.connect(second, query, header ? ids.get(seen) : null)) {
                assertThat(client.status()).isEqualTo(200);
                client.nextControl("assigned");
                for (int left = RECORDS - seen; left > 0; left--) {
                    assertThat(rest.remove(
                                    client.nextRecord().data().get("value").intValue()))
                            .isTrue();
                }
                assertThat(rest).isEmpty();
            }
        }
    }

    /** Another node reads the exact position of the event from its cursor. */
    private static void check(Topic topic, String id, long[] expected, List<String> ids) {
        assertThat(id).hasSizeLessThan(SHORT).matches("[A-Za-z0-9_.-]+");
        ids.add(id);
        Cursor.Read read = Cursor.read(id, topic.id(), second.bean(Bases.class));
        assertThat(read).isInstanceOf(Cursor.Read.Understood.class);
        Positions positions = ((Cursor.Read.Understood) read).cursor().positions();
        assertThat(Arrays.equals(positions.nextOffsets(), expected))
                .as("event %d", ids.size() - 1)
                .isTrue();
    }

    @Test
    void readersThatReconnectStoreNoNewBases() throws IOException {
        Topic topic = first.createTopic("come-and-go", 1_000);
        produce(topic, 0, 50);
        String path = "/v1/topics/come-and-go/stream";
        String id = null;
        long before = -1;
        for (int i = 0; i < 50; i++) {
            try (SseClient client = SseClient.connect(i % 2 == 0 ? first : second, path + "?from=earliest", id)) {
                client.nextControl("assigned");
                id = client.nextRecord().lastId();
            }
            before = i == 0 ? bases() : before;
        }
        for (int i = 0; i < 20; i++) {
            try (SseClient client = SseClient.connect(first, path + "?from=earliest")) {
                client.nextControl("assigned");
            }
        }
        assertThat(bases()).isPositive().isEqualTo(before);
    }

    @Test
    void aCursorWhoseBaseIsGoneIsResetAndReported() throws IOException {
        Topic topic = first.createTopic("expired", 500);
        produce(topic, 0, 3);
        String path = "/v1/topics/expired/stream";
        String id;
        try (SseClient client = SseClient.connect(first, path)) {
            id = client.nextControl("assigned").lastId();
        }
        first.bean(JdbcClient.class).sql("delete from millrace.cursor_base").update();
        try (SseClient client = SseClient.connect(second, path + "?from=earliest", id)) {
            client.nextControl("assigned");
            SseClient.Event reset = client.nextControl("reset");
            assertThat(reset.data().get("reason").asString()).isEqualTo("cursor_expired");
            assertThat(reset.data().get("partitions").size()).isEqualTo(500);
            for (int i = 0; i < 3; i++) {
                client.nextRecord();
            }
        }
        try (SseClient client = SseClient.connect(second, path + "?on_gap=fail", id)) {
            assertThat(client.status()).isEqualTo(410);
            assertThat(client.body().get("code").asString()).isEqualTo("cursor_expired");
        }
    }

    /** A forged reference to another topic's base does not move readers of this topic. */
    @Test
    void aBaseOfAnotherTopicIsNotUsed() throws IOException {
        Topic one = first.createTopic("forged-1", 500);
        Topic other = first.createTopic("forged-2", 500);
        String id;
        try (SseClient client = SseClient.connect(first, "/v1/topics/forged-1/stream")) {
            id = String.valueOf(client.nextControl("assigned").lastId());
        }
        Cursor cursor = ((Cursor.Read.Understood) Cursor.read(id, one.id(), first.bean(Bases.class))).cursor();
        io.millrace.cursor.CursorWriter forged = new io.millrace.cursor.CursorWriter();
        forged.put(Cursor.VERSION).put(other.id()).put(0).put(500).put(Cursor.FROM_BASE);
        java.util.Objects.requireNonNull(cursor.base()).write(forged, cursor.positions());
        try (SseClient client = SseClient.connect(first, "/v1/topics/forged-2/stream", forged.encode())) {
            client.nextControl("assigned");
            assertThat(client.nextControl("reset").data().get("reason").asString())
                    .isEqualTo("cursor_expired");
        }
    }

    private static long bases() {
        return first.bean(JdbcClient.class)
                .sql("select count(*) from millrace.cursor_base")
                .query(Long.class)
                .single();
    }

    /** Appends numbered records to random partitions. */
    private static void produce(Topic topic, int from, int count) {
        Random random = new Random(count);
        List<NewRecord> records = IntStream.range(from, from + count)
                .mapToObj(i -> new NewRecord(
                        random.nextInt(topic.partitionCount()),
                        NewRecord.NO_TIMESTAMP,
                        null,
                        String.valueOf(i).getBytes(StandardCharsets.US_ASCII),
                        null,
                        (byte) 0))
                .collect(Collectors.toList());
        first.bean(Appender.class).append(topic, records).join();
    }
}
