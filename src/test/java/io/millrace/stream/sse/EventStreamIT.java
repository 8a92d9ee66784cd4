package io.millrace.stream.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cursor.Bases;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.stream.StreamTopics;
import io.millrace.testing.Hub;
import io.millrace.time.Ticker;
import io.millrace.topic.ConfigPatch;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import io.millrace.topic.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EventStreamIT {

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start("millrace.stream.comment-interval=100ms");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void aStreamBeginsWithItsPartitionsAndThenRecords() throws IOException {
        Topic topic = hub.createTopic("begin", 2);
        StreamTopics.append(hub, topic, 0, 10);
        try (SseClient client = SseClient.connect(hub, "/v1/topics/begin/stream?from=earliest")) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("content-type")).startsWith("text/event-stream");
            assertThat(client.header("cache-control")).isEqualTo("no-store");
            assertThat(client.nextControl("assigned").data().get("partitions").size())
                    .isEqualTo(2);
            for (int i = 0; i < 10; i++) {
                SseClient.Event event = client.nextRecord();
                assertThat(event.data().propertyNames())
                        .containsExactly("topic", "partition", "offset", "timestamp", "key", "value", "headers");
            }
            StreamTopics.append(hub, topic, 10, 1);
            assertThat(client.nextRecord().data().get("value").get("n").intValue())
                    .isEqualTo(10);
        }
    }

    @Test
    void recordsProducedAfterAssignedAreNotMissedByAReaderThatReturns() throws IOException {
        Topic topic = hub.createTopic("assigned", 3);
        String id;
        try (SseClient client = SseClient.connect(hub, "/v1/topics/assigned/stream")) {
            id = client.nextControl("assigned").lastId();
        }
        StreamTopics.append(hub, topic, 0, 6);
        try (SseClient client = SseClient.connect(hub, "/v1/topics/assigned/stream", id)) {
            client.nextControl("assigned");
            assertThat(numbers(client, 6)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        }
        try (SseClient client = SseClient.connect(hub, "/v1/topics/assigned/stream?cursor=" + id)) {
            client.nextControl("assigned");
            assertThat(numbers(client, 6)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        }
    }

    private static List<Integer> numbers(SseClient client, int count) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(client.nextRecord().data().get("value").get("n").intValue());
        }
        return numbers;
    }

    @Test
    void aQuietStreamSendsComments() throws IOException {
        hub.createTopic("quiet", 1);
        try (SseClient client = SseClient.connect(hub, "/v1/topics/quiet/stream")) {
            client.nextControl("assigned");
            while (client.comments() < 3) {
                assertThat(client.line()).isNotNull();
            }
        }
    }

    @Test
    void lineBreaksInValuesDoNotBreakEvents() throws IOException {
        Topic topic = hub.createTopic("lines", 1);
        try (SseClient client = SseClient.connect(hub, "/v1/topics/lines/stream")) {
            client.nextControl("assigned");
            StreamTopics.appendValue(hub, topic, "{\r\n\"a\":\n[1,\r2]}");
            assertThat(client.nextRecord().data().get("value").toString()).isEqualTo("{\"a\":[1,2]}");
        }
    }

    @Test
    void onlyTheChosenPartitionsAreSent() throws IOException {
        Topic topic = hub.createTopic("chosen", 3);
        StreamTopics.appendTo(hub, topic, 0, 1);
        StreamTopics.appendTo(hub, topic, 1, 1);
        StreamTopics.appendTo(hub, topic, 2, 1);
        try (SseClient client = SseClient.connect(hub, "/v1/topics/chosen/stream?from=earliest&partitions=2")) {
            assertThat(client.nextControl("assigned").data().get("partitions").size())
                    .isEqualTo(1);
            assertThat(client.nextRecord().data().get("partition").intValue()).isEqualTo(2);
        }
    }

    @Test
    void anUnusableCursorIsResetAndReported() throws IOException {
        Topic topic = hub.createTopic("garbage", 1);
        StreamTopics.append(hub, topic, 0, 1);
        try (SseClient client = SseClient.connect(hub, "/v1/topics/garbage/stream?from=earliest", "garbage")) {
            client.nextControl("assigned");
            SseClient.Event reset = client.nextControl("reset");
            assertThat(reset.data().get("reason").asString()).isEqualTo("cursor_invalid");
            assertThat(reset.data().get("partitions").get(0).get("next_offset").longValue())
                    .isZero();
            client.nextRecord();
        }
    }

    @Test
    void anOffsetBeyondTheEndIsResetAndReported() throws IOException {
        Topic topic = hub.createTopic("beyond", 1);
        String beyond = cursor(topic, 77);
        try (SseClient client = SseClient.connect(hub, "/v1/topics/beyond/stream", beyond)) {
            client.nextControl("assigned");
            SseClient.Event reset = client.nextControl("reset");
            assertThat(reset.data().get("reason").asString()).isEqualTo("offset_beyond_end");
            StreamTopics.append(hub, topic, 0, 1);
            client.nextRecord();
        }
    }

    @Test
    void addedPartitionsAreReadFromTheirStart() throws IOException {
        Topic topic = hub.createTopic("grow", 1);
        try (SseClient client = SseClient.connect(hub, "/v1/topics/grow/stream")) {
            String before = client.nextControl("assigned").lastId();
            Topic grown = hub.bean(Topics.class).update(topic.name(), _ -> true, ConfigPatch.NONE, OptionalInt.of(2));
            StreamTopics.appendTo(hub, grown, 1, 1);
            assertThat(client.nextControl("assigned")
                            .data()
                            .get("partitions")
                            .get(0)
                            .get("partition")
                            .intValue())
                    .isEqualTo(1);
            assertThat(client.nextRecord().data().get("partition").intValue()).isEqualTo(1);
            try (SseClient later = SseClient.connect(hub, "/v1/topics/grow/stream", before)) {
                later.nextControl("assigned");
                assertThat(later.nextRecord().data().get("partition").intValue())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aStreamEndsWithItsTopic() throws IOException {
        Topic topic = hub.createTopic("gone", 2);
        try (SseClient client = SseClient.connect(hub, "/v1/topics/gone/stream")) {
            client.nextControl("assigned");
            hub.bean(Topics.class).delete(topic.name(), _ -> true);
            assertThat(client.nextControl("revoked").data().get("reason").asString())
                    .isEqualTo("topic_deleted");
            assertThat(client.next()).isNull();
        }
    }

    private static String cursor(Topic topic, long nextOffset) {
        StreamPosition position = new StreamPosition(topic.name(), topic.id(), hub.bean(Bases.class), Ticker.SYSTEM);
        position.follow(1, 0, Map.of(new TopicPartition(topic.name(), 0), nextOffset));
        return position.toString();
    }

    @Test
    void aTopicCreatedAgainIsReadFromItsStartAndTheResetIsReported() throws IOException {
        Topic before = hub.createTopic("anew", 2);
        StreamTopics.appendTo(hub, before, 0, 5);
        String last;
        try (SseClient client = SseClient.connect(hub, "/v1/topics/anew/stream")) {
            last = client.nextControl("assigned").lastId();
        }
        hub.bean(Topics.class).delete("anew", _ -> true);
        Topic after = hub.createTopic("anew", 2);
        StreamTopics.appendTo(hub, after, 0, 2);
        StreamTopics.appendTo(hub, after, 1, 1);
        for (String query : List.of("", "?from=latest", "?partitions=0,1")) {
            try (SseClient client = SseClient.connect(hub, "/v1/topics/anew/stream" + query, last)) {
                client.nextControl("assigned");
                assertThat(client.nextControl("reset").data().get("reason").asString())
                        .isEqualTo("cursor_of_other_topic");
                for (int i = 0; i < 3; i++) {
                    client.nextRecord();
                }
            }
        }
        try (SseClient client = SseClient.connect(hub, "/v1/topics/anew/stream?on_gap=fail", last)) {
            assertThat(client.status()).isEqualTo(410);
        }
    }

    @Test
    void aGapIsRefusedWithOnGapFail() throws IOException {
        Topic topic = hub.createTopic("fail", 1);
        String beyond = cursor(topic, 77);
        for (String cursor : List.of("garbage", beyond)) {
            try (SseClient client = SseClient.connect(hub, "/v1/topics/fail/stream?on_gap=fail", cursor)) {
                assertThat(client.status()).isEqualTo(410);
                assertThat(client.body().get("code").asString()).isEqualTo("cursor_expired");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "from=noon, 400, ?from",
                "from=-1, 400, ?from",
                "partitions=, 400, ?partitions",
                "`partitions=0,x`, 400, ?partitions",
                "`partitions=0,0`, 400, ?partitions",
                "on_gap=maybe, 400, ?on_gap",
                "what=1, 400, ?what",
                "from=latest&from=latest, 400, ?from",
                "partitions=9, 404, ``"
            })
    void wrongParametersAreRefusedWithTheirName(String query, int status, String pointer) throws IOException {
        if (hub.bean(TopicCatalogue.class).cached("wrong") == null) {
            try {
                hub.createTopic("wrong", 1);
            } catch (HubException exists) {
                assertThat(exists.error()).isEqualTo(HubError.TOPIC_EXISTS);
            }
        }
        try (SseClient client = SseClient.connect(hub, "/v1/topics/wrong/stream?" + query)) {
            assertThat(client.status()).isEqualTo(status);
            JsonNode problem = client.body();
            assertThat(problem.path("errors").path(0).path("pointer").asString(""))
                    .isEqualTo(pointer);
        }
    }

    @Test
    void otherTypesAndUnknownTopicsAreRefused() throws IOException {
        hub.createTopic("types", 1);
        try (SseClient client =
                SseClient.connect(hub, "/v1/topics/types/stream", null, "Accept: application/json\r\n")) {
            assertThat(client.status()).isEqualTo(406);
            assertThat(client.body().get("code").asString()).isEqualTo("not_acceptable");
        }
        try (SseClient client = SseClient.connect(hub, "/v1/topics/nowhere/stream")) {
            assertThat(client.status()).isEqualTo(404);
            assertThat(client.body().get("code").asString()).isEqualTo("unknown_topic");
        }
    }
}
