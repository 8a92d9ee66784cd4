package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.RefusedException;
import io.millrace.stream.StreamTopics;
import io.millrace.stream.websocket.frame.MessageInflaterTest;
import io.millrace.testing.Hub;
import io.millrace.testing.RawWebSocket;
import io.millrace.topic.ConfigPatch;
import io.millrace.topic.Topic;
import io.millrace.topic.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WebSocketIT {

    private static final Duration QUIET = Duration.ofMillis(300);

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void subscribersReadEverythingInOrderAndThenLive() {
        Topic topic = hub.createTopic("all", 3);
        StreamTopics.append(hub, topic, 0, 1000);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'s','topics':['all'],'from':'earliest','credits':100000}");
            JsonNode assigned = client.next("assigned");
            assertThat(assigned.get("partitions").size()).isEqualTo(3);
            assertThat(assigned.get("epoch").intValue()).isZero();
            readAll(client, 0, 1000);
            StreamTopics.append(hub, topic, 1000, 500);
            readAll(client, 1000, 500);
        }
    }

    @Test
    void creditsStopTheFlowAndPermitsResumeIt() {
        Topic topic = hub.createTopic("credits", 1);
        StreamTopics.append(hub, topic, 0, 30);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'s','topics':['credits'],'from':'earliest','credits':10}");
            client.next("assigned");
            assertThat(count(client, 10)).isEqualTo(10);
            assertThat(client.next(QUIET)).isNull();
            client.send("{'type':'permit','id':'s','records':15}");
            assertThat(count(client, 15)).isEqualTo(15);
            assertThat(client.next(QUIET)).isNull();
            client.send("{'type':'permit','id':'s','records':100}");
            assertThat(count(client, 5)).isEqualTo(5);
        }
    }

    @Test
    void messagesAreNotCompressedByDefault() throws IOException {
        String offer = "Sec-WebSocket-Extensions: permessage-deflate";
        try (RawWebSocket client = new RawWebSocket(hub.port(), offer)) {
            assertThat(client.answer()).doesNotContainIgnoringCase("Extensions");
            client.send(
                    RawWebSocket.RSV1 | RawWebSocket.TEXT,
                    MessageInflaterTest.deflate("{}".getBytes(StandardCharsets.UTF_8)));
            assertThat(client.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void aSubscriptionPausesResumesAndSeeks() {
        Topic topic = hub.createTopic("seek", 2);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'s','topics':['seek'],'from':'earliest','credits':1000}");
            client.next("assigned");
            client.send("{'type':'pause','id':'s','partitions':[{'partition':0}]}");
            client.send("{'type':'seek','id':'s','partitions':[{'partition':1,'next_offset':0}]}");
            client.next("assigned"); // the pause has been carried out, too
            StreamTopics.appendTo(hub, topic, 0, 3);
            StreamTopics.appendTo(hub, topic, 1, 3);
            JsonNode records = client.next("records");
            assertThat(records.get("partition").intValue()).isEqualTo(1);
            assertThat(records.get("next_offset").longValue()).isEqualTo(3);
            assertThat(client.next(QUIET)).isNull();

            client.send("{'type':'resume','id':'s'}");
            assertThat(client.next("records").get("partition").intValue()).isZero();

            client.send("{'type':'seek','id':'s','partitions':[{'topic':'seek','partition':1,'next_offset':2}]}");
            JsonNode assigned = client.next("assigned");
            assertThat(assigned.get("partitions").get(0).get("next_offset").longValue())
                    .isEqualTo(2);
            JsonNode again = client.next("records").get("records");
            assertThat(again.size()).isEqualTo(1);
            assertThat(again.get(0).get("offset").longValue()).isEqualTo(2);
        }
    }

    @Test
    void unsubscribingEndsASubscriptionAndFreesItsId() {
        hub.createTopic("leave", 1);
        try (WsClient client = WsClient.connect(hub)) {
            String subscribe = "{'type':'subscribe','id':'s','topics':['leave'],'credits':1}";
            client.send(subscribe).next("assigned");
            client.send(subscribe);
            assertThat(code(client.next("error"))).isEqualTo("subscription_exists");
            client.send("{'type':'unsubscribe','id':'s'}");
            assertThat(client.next("revoked").get("reason").asString()).isEqualTo("unsubscribed");
            client.send("{'type':'subscribe','id':'s2','topics':['leave'],'credits':1}")
                    .next("assigned");
        }
    }

    @Test
    void theIdOfAnEndedSubscriptionMayBeUsedAgainAtOnce() {
        hub.createTopic("again", 1);
        String subscribe = "{'type':'subscribe','id':'s','topic':'%s','partitions':"
                + "[{'partition':0,'next_offset':0}],'credits':1}";
        try (WsClient client = WsClient.connect(hub)) {
            for (int i = 0; i < 300; i++) {
                client.send(subscribe.formatted("nowhere"));
                assertThat(code(client.next("error"))).isEqualTo("unknown_topic");
                client.send(subscribe.formatted("again"));
                client.next("assigned");
                client.send("{'type':'unsubscribe','id':'s'}");
                client.next("revoked");
            }
        }
    }

    @Test
    void anOffsetBeyondTheEndIsResetAndReported() {
        Topic topic = hub.createTopic("reset", 1);
        StreamTopics.append(hub, topic, 0, 5);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'s','topic':'reset',"
                    + "'partitions':[{'partition':0,'next_offset':500}],'credits':10}");
            client.next("assigned");
            JsonNode reset = client.next("reset");
            assertThat(reset.get("requested").longValue()).isEqualTo(500);
            assertThat(reset.get("next_offset").longValue()).isEqualTo(5);
            StreamTopics.append(hub, topic, 5, 1);
            assertThat(count(client, 1)).isEqualTo(1);
        }
    }

    @Test
    void deletingATopicRevokesItsPartitionsEvenWithoutCredits() {
        Topic topic = hub.createTopic("gone", 2);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'s','topics':['gone'],'credits':0}");
            client.next("assigned");
            hub.bean(Topics.class).delete(topic.name(), _ -> true);
            for (int i = 0; i < 2; i++) {
                assertThat(client.next("revoked").get("reason").asString()).isEqualTo("topic_deleted");
            }
        }
    }

    @Test
    void aTopicCreatedAgainIsReadFromItsStart() {
        Topic kept = hub.createTopic("kept", 1);
        Topic before = hub.createTopic("anew", 2);
        StreamTopics.append(hub, before, 0, 4);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'both','topics':['kept','anew'],'credits':100}");
            client.next("assigned");
            client.send("{'type':'subscribe','id':'one','topics':['anew'],'credits':100}");
            client.next("assigned");
            hub.bean(Topics.class).delete("anew", _ -> true);
            for (int i = 0; i < 4; i++) {
                assertThat(client.next("revoked").get("reason").asString()).isEqualTo("topic_deleted");
            }
            Topic after = hub.createTopic("anew", 1);
            StreamTopics.append(hub, after, 0, 3);

            Map<String, Integer> read = new HashMap<>();
            Map<String, JsonNode> assigned = new HashMap<>();
            while (read.getOrDefault("one", 0) < 3 || read.getOrDefault("both", 0) < 3) {
                JsonNode frame = client.next();
                String id = frame.get("id").asString();
                switch (frame.get("type").asString()) {
                    case "assigned" -> assigned.put(id, frame.get("partitions"));
                    case "records" -> read.merge(id, frame.get("records").size(), Integer::sum);
                    default -> throw new AssertionError(frame.toString());
                }
            }
            for (String id : List.of("one", "both")) {
                assertThat(assigned.get(id).size()).isEqualTo(1);
                assertThat(assigned.get(id).get(0).get("next_offset").longValue())
                        .isZero();
            }
            StreamTopics.append(hub, kept, 0, 1);
            assertThat(client.next("records").get("topic").asString()).isEqualTo("kept");
        }
    }

    @Test
    void addedPartitionsAreFollowed() {
        Topic topic = hub.createTopic("grow", 1);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'s','topics':['grow'],'credits':10}");
            client.next("assigned");
            Topic grown = hub.bean(Topics.class)
                    .update(topic.name(), _ -> true, ConfigPatch.NONE, java.util.OptionalInt.of(2));
            StreamTopics.appendTo(hub, grown, 1, 1);
            assertThat(client.next("assigned")
                            .get("partitions")
                            .get(0)
                            .get("partition")
                            .intValue())
                    .isEqualTo(1);
            assertThat(count(client, 1)).isEqualTo(1);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredWithTheirRefAndStoredInOrder() {
        hub.createTopic("produce", 1);
        int requests = 3000;
        try (WsClient client = WsClient.connect(hub)) {
            for (int i = 0; i < requests; i++) {
                client.send("{'type':'produce','ref':'" + i + "','topic':'produce','records':[{'value':" + i + "}]}");
            }
            Set<String> refs = new HashSet<>();
            for (int i = 0; i < requests; i++) {
                JsonNode produced = client.next("produced");
                String ref = produced.get("ref").asString();
                refs.add(ref);
                assertThat(produced.get("results").get(0).get("offset").asString())
                        .isEqualTo(ref);
            }
            assertThat(refs).hasSize(requests);
        }
    }

    @Test
    void requestsThatCannotBeStoredAreRefusedWithTheirRef() {
        hub.createTopic("refuse", 1);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'produce','ref':'1','topic':'nowhere','records':[{'value':1}]}");
            client.send("{'type':'produce','ref':'2','topic':'refuse','records':[{'value':1}]}");
            client.send("{'type':'produce','ref':'3','topic':'refuse','acks':'all','records':[{'value':1}]}");
            client.send("{'type':'produce','ref':'4','topic':'refuse','records':[{'value':1,'partition':9}]}");
            client.send("{'type':'produce','ref':'5','topic':'refuse','acks':'0','records':[{'value':1}]}");
            client.send("{'type':'produce','ref':'6','topic':'refuse','records':[{'valu':1}]}");
            Map<String, JsonNode> answers = new HashMap<>();
            for (int i = 0; i < 6; i++) {
                JsonNode answer = client.next();
                answers.put(answer.get("ref").asString(), answer);
            }
            assertThat(code(of(answers, "1"))).isEqualTo("unknown_topic");
            assertThat(of(answers, "2").get("type").asString()).isEqualTo("produced");
            assertThat(code(of(answers, "3"))).isEqualTo("not_enough_replicas");
            assertThat(code(of(answers, "4"))).isEqualTo("unknown_partition");
            assertThat(of(answers, "5").get("results").isEmpty()).isTrue();
            assertThat(code(of(answers, "6"))).isEqualTo("invalid_record");
        }
    }

    @Test
    void aClientMayOfferOtherSubprotocolsTooOrNone() {
        hub.createTopic("hello", 1);
        for (String[] offered : new String[][] {{}, {"hub.v1.json"}, {"hub.v2.json", "hub.v1.json"}}) {
            try (WsClient client = WsClient.offering(hub, offered)) {
                client.send("{'type':'subscribe','id':'s','topics':['hello'],'credits':1}");
                client.next("assigned");
                assertThat(client.subprotocol()).isEqualTo(offered.length == 0 ? "" : "hub.v1.json");
            }
        }
        assertThatThrownBy(() -> WsClient.offering(hub, "graphql-ws")).isInstanceOf(RefusedException.class);
    }

    private static JsonNode of(Map<String, JsonNode> answers, String ref) {
        return Objects.requireNonNull(answers.get(ref), ref);
    }

    private static String code(JsonNode error) {
        return error.path("problem").path("code").asString();
    }

    /** Reads at least {@code expected} records and returns their number. */
    private static int count(WsClient client, int expected) {
        int count = 0;
        while (count < expected) {
            count += client.next("records").get("records").size();
        }
        return count;
    }

    /** Reads {@code count} records, numbered from {@code first} and in order within each partition. */
    private static void readAll(WsClient client, int first, int count) {
        Map<Integer, Integer> last = new HashMap<>();
        Set<Integer> seen = new HashSet<>();
        while (seen.size() < count) {
            JsonNode frame = client.next("records");
            int partition = frame.get("partition").intValue();
            for (JsonNode record : frame.get("records")) {
                int value = record.get("value").get("n").intValue();
                assertThat(value).isGreaterThan(last.getOrDefault(partition, -1));
                last.put(partition, value);
                assertThat(seen.add(value)).isTrue();
            }
        }
        assertThat(seen).allMatch(value -> value >= first && value < first + count);
    }
}
