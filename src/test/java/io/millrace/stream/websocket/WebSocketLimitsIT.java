package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.stream.StreamTopics;
import io.millrace.stream.websocket.frame.BadFrames;
import io.millrace.testing.Hub;
import io.millrace.topic.Topic;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How the hub answers invalid frames, and enforces its limits on clients. */
class WebSocketLimitsIT {

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start(
                "millrace.stream.max-frame=64KB",
                "millrace.stream.max-bad-frames=60",
                "millrace.stream.max-subscriptions=3",
                "millrace.stream.max-outstanding=10",
                "millrace.stream.stall-timeout=2s",
                "millrace.stream.tick=100ms",
                "millrace.stream.ping-interval=200ms");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void aBadFrameIsAnsweredWithAnErrorAndTheConnectionStaysOpen() {
        hub.createTopic("usable", 1);
        try (WsClient client = WsClient.connect(hub)) {
            for (BadFrames.Bad bad : BadFrames.ALL) {
                assertRefused(client, bad);
            }
            for (BadFrames.Bad bad : BadFrames.LATER) {
                assertRefused(client, bad);
            }
            client.sendBinary(new byte[] {1, 2, 3});
            client.next("error");
            client.send("{'type':'produce','ref':'r','topic':'usable','records':[{'value':1}]}");
            assertThat(client.next("produced").get("ref").asString()).isEqualTo("r");
        }
    }

    private static void assertRefused(WsClient client, BadFrames.Bad bad) {
        client.sendRaw(bad.json());
        JsonNode problem = client.next("error").get("problem");
        assertThat(problem.get("code").asString()).as(bad.text()).isEqualTo(bad.code());
        if (!bad.pointer().isEmpty()) {
            assertThat(problem.get("errors").get(0).get("pointer").asString())
                    .as(bad.text())
                    .startsWith(bad.pointer());
        }
    }

    @Test
    void tooManyBadFramesCloseTheConnection() {
        try (WsClient client = WsClient.connect(hub)) {
            for (int i = 0; i < 60; i++) {
                client.sendRaw("?");
                client.next("error");
            }
            assertThat(client.next("error").get("problem").get("code").asString())
                    .isEqualTo("invalid_request");
            assertThat(client.closeCode()).isEqualTo(4400);
        }
    }

    @Test
    void aFrameThatIsTooLargeClosesTheConnection() {
        try (WsClient client = WsClient.connect(hub)) {
            client.sendRaw("x".repeat(70 * 1024));
            assertThat(client.next("error").get("problem").get("code").asString())
                    .isEqualTo("request_too_large");
            assertThat(client.closeCode()).isEqualTo(4413);
        }
    }

    @Test
    void theNumberOfSubscriptionsIsLimited() {
        hub.createTopic("many", 1);
        try (WsClient client = WsClient.connect(hub)) {
            for (int i = 0; i < 3; i++) {
                client.send("{'type':'subscribe','id':'" + i + "','topics':['many'],'credits':1}");
                client.next("assigned");
            }
            client.send("{'type':'subscribe','id':'x','topics':['many'],'credits':1}");
            assertThat(client.next("error").get("id").asString()).isEqualTo("x");
        }
    }

    @Test
    void aClientHeldBackForUnansweredRequestsGetsAllAnswers() {
        hub.createTopic("stopped", 1);
        try (WsClient client = WsClient.connect(hub)) {
            for (int i = 0; i < 500; i++) {
                client.send("{'type':'produce','ref':'" + i + "','topic':'stopped','records':[{'value':1}]}");
            }
            for (int i = 0; i < 500; i++) {
                assertThat(client.next("produced").get("ref").asString()).isEqualTo("" + i);
            }
        }
    }

    @Test
    void aClientThatAnswersPingsStaysConnected() throws IOException {
        hub.createTopic("alive", 1);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'s','topics':['alive'],'credits':10}");
            client.next("assigned");
            assertThat(client.next(java.time.Duration.ofSeconds(2))).isNull();
            client.send("{'type':'produce','ref':'r','topic':'alive','records':[{'value':1}]}");
            assertThat(client.next()).isNotNull();
            assertThat(client.next()).isNotNull();
        }
    }

    @Test
    void aSubscriberThatDoesNotReadIsDisconnectedAndDelaysNoOther() {
        Topic topic = hub.createTopic("stalled", 1);
        String big = "\"" + "v".repeat(100_000) + "\"";
        try (WsClient stalled = WsClient.connectStalled(hub);
                WsClient quick = WsClient.connect(hub)) {
            String subscribe = "{'type':'subscribe','id':'s','topics':['stalled'],'from':'earliest','credits':100000}";
            stalled.send(subscribe);
            quick.send(subscribe).next("assigned");
            int records = 300;
            double before = sentTo("ws");
            for (int i = 0; i < records; i++) {
                StreamTopics.appendValue(hub, topic, big);
            }
            int read = 0;
            while (read < records) {
                read += quick.next("records").get("records").size();
            }
            // The stalled client's records fill the sockets' buffers; the rest has not been taken from the log.
            assertThat(sentTo("ws") - before).isLessThan(records + records / 2.0);
            await().atMost(WsClient.DEADLINE).until(() -> tooSlow() > 0);
            StreamTopics.appendValue(hub, topic, big);
            quick.next("records");
        }
    }

    private static double sentTo(String protocol) {
        return hub.bean(MeterRegistry.class)
                .get("millrace.stream.records")
                .tag("protocol", protocol)
                .counter()
                .count();
    }

    private static double tooSlow() {
        return hub.bean(MeterRegistry.class)
                .get("millrace.stream.too.slow")
                .tag("protocol", "ws")
                .counter()
                .count();
    }
}
