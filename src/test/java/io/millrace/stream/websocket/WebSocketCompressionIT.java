package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.budget.ClientMemory;
import io.millrace.stream.websocket.frame.MessageInflaterTest;
import io.millrace.stream.websocket.frame.Subprotocol;
import io.millrace.testing.Hub;
import io.millrace.testing.RawWebSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Compressed messages in both directions, and invalid ones from clients. */
class WebSocketCompressionIT {

    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
    private static final int RECORDS = 300;
    private static final int MAX_FRAME = 64 * 1024;
    private static final String PRODUCE = "{'type':'produce','ref':'1','topic':'raw','records':[{'value':1}]}";

    private static Hub hub;
    private static ClientMemory memory;

    @BeforeAll
    static void start() {
        hub = Hub.start("millrace.stream.websocket-compression=true", "millrace.stream.max-frame=64KB");
        hub.createTopic("raw", 1);
        memory = hub.bean(ClientMemory.class);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void nothingIsHeld() {
        await().untilAsserted(() -> assertThat(memory.held()).isZero());
    }

    @ParameterizedTest
    @CsvSource({"JSON, 1", "JSON, 3", "BINARY, 1", "BINARY, 7"})
    void recordsInCompressedMessagesAreStored(Subprotocol subprotocol, int fragments) {
        String topic = "produced-" + subprotocol.name().toLowerCase(java.util.Locale.ROOT) + fragments;
        hub.createTopic(topic, 1);
        try (DeflatingClient producer = DeflatingClient.connect(hub, subprotocol);
                WsClient reader = WsClient.connect(hub)) {
            produce(producer, subprotocol, topic, fragments);

            reader.send("{'type':'subscribe','id':'s','topics':['" + topic + "'],'from':'earliest','credits':1000}")
                    .next("assigned");
            JsonNode records = reader.next("records").get("records");
            assertThat(records.size()).isEqualTo(RECORDS);
            for (int i = 0; i < RECORDS; i++) {
                assertThat(records.get(i).get("value").toString()).isEqualTo(value(i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void compressedRecordsAreTheSameAsPlainOnes(Subprotocol subprotocol) {
        String topic = "read-" + subprotocol.name().toLowerCase(java.util.Locale.ROOT);
        hub.createTopic(topic, 1);
        String subscribe = "{'type':'subscribe','id':'s','topics':['" + topic + "'],'from':'earliest','credits':1000}";
        try (DeflatingClient client = DeflatingClient.connect(hub, subprotocol);
                WsClient plain = WsClient.offering(hub, subprotocol.token())) {
            produce(client, subprotocol, topic, 1);

            plain.send(subscribe).next("assigned");
            client.send(subscribe, 1);
            assertThat(client.next().json().get("type").asString()).isEqualTo("assigned");
            DeflatingClient.Message records = client.next();

            assertThat(client.compressed()).isEqualTo(1);
            assertThat(client.compressedBytes()).isBetween(100, records.content().length / 3);
            if (subprotocol == Subprotocol.JSON) {
                assertThat(records.json()).isEqualTo(plain.next("records"));
            } else {
                assertThat(ByteBuffer.wrap(records.content())).isEqualTo(plain.nextBinary());
            }
        }
    }

    @Test
    void aSmallFrameIsNotCompressed() {
        hub.createTopic("small", 1);
        try (DeflatingClient client = DeflatingClient.connect(hub, Subprotocol.JSON)) {
            client.send("{'type':'produce','ref':'1','topic':'small','records':[{'value':1}]}", 1);
            client.send("{'type':'subscribe','id':'s','topics':['small'],'from':'earliest','credits':9}", 1);
            String type = "";
            while (!type.equals("records")) {
                type = client.next().json().get("type").asString();
            }
            assertThat(client.compressed()).isZero();
        }
    }

    @Test
    void aClientWithoutAnOfferGetsNothingCompressed() throws IOException {
        hub.createTopic("plain", 1);
        try (RawWebSocket client = new RawWebSocket(hub.port());
                DeflatingClient producer = DeflatingClient.connect(hub, Subprotocol.JSON)) {
            produce(producer, Subprotocol.JSON, "plain", 1);
            assertThat(client.answer()).doesNotContainIgnoringCase("Extensions");
            client.send(
                    RawWebSocket.TEXT,
                    text("{'type':'subscribe','id':'s','topics':['plain'],'from':'earliest','credits':1000}"));
            assertThat(client.read(RawWebSocket.TEXT).payload()).isNotEmpty();
            RawWebSocket.Frame records = client.read(RawWebSocket.TEXT);
            assertThat(records.rsv1()).isFalse();
            assertThat(new String(records.payload(), StandardCharsets.UTF_8)).contains(value(RECORDS - 1));

            client.send(RawWebSocket.RSV1 | RawWebSocket.TEXT, MessageInflaterTest.deflate(text(PRODUCE)));
            assertThat(client.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void anOfferIsAcceptedAndAnUnknownOneIsDeclined() throws IOException {
        try (RawWebSocket offering = new RawWebSocket(hub.port(), OFFER);
                RawWebSocket unknown = new RawWebSocket(hub.port(), OFFER + "; speed=9")) {
            assertThat(offering.answer())
                    .containsIgnoringCase("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
                            + " client_no_context_takeover\r\n");
            assertThat(unknown.answer()).doesNotContainIgnoringCase("Extensions");
        }
    }

    @ParameterizedTest
    @CsvSource({"100", "640", "8000"})
    void aMessageThatInflatesBeyondTheHardLimitClosesTheConnection(int kilobytes) throws IOException {
        try (RawWebSocket client = new RawWebSocket(hub.port(), OFFER)) {
            byte[] bomb = MessageInflaterTest.deflate(new byte[kilobytes * 1024]);
            client.send(RawWebSocket.RSV1 | RawWebSocket.TEXT, bomb);

            assertThat(new String(client.read(RawWebSocket.TEXT).payload(), StandardCharsets.UTF_8))
                    .contains("request_too_large");
            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void aMessageAboveTheLimitIsRefusedLikeAPlainOne() throws IOException {
        try (RawWebSocket client = new RawWebSocket(hub.port(), OFFER)) {
            client.send(RawWebSocket.RSV1 | RawWebSocket.TEXT, MessageInflaterTest.deflate(new byte[MAX_FRAME + 1]));

            assertThat(client.closeCode()).isEqualTo(4413);
        }
    }

    static Stream<Arguments> wrongFrames() {
        byte[] message = MessageInflaterTest.deflate(text(PRODUCE));
        byte[] half = Arrays.copyOf(message, message.length / 2);
        int deflated = RawWebSocket.RSV1 | RawWebSocket.TEXT;
        return Stream.of(
                Arguments.of("an unknown type of block", 1007, deflated, true, new byte[] {(byte) 0xff}),
                Arguments.of("a truncated message", 1007, deflated, true, half),
                Arguments.of("plain text that claims to be compressed", 1007, deflated, true, text(PRODUCE)),
                Arguments.of("a compressed ping", 1002, RawWebSocket.RSV1 | RawWebSocket.PING, true, new byte[1]),
                Arguments.of("another reserved bit", 1002, 0x20 | deflated, true, message),
                Arguments.of(
                        "a second fragment with the bit set again",
                        1002,
                        RawWebSocket.RSV1 | RawWebSocket.CONTINUATION,
                        true,
                        half));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void wrongFrames(String name, int code, int first, boolean last, byte[] payload) throws IOException {
        try (RawWebSocket client = new RawWebSocket(hub.port(), OFFER)) {
            if ((first & 0x0f) == RawWebSocket.CONTINUATION) {
                client.send(RawWebSocket.RSV1 | RawWebSocket.TEXT, false, payload);
            }
            client.send(first, last, payload);

            assertThat(client.closeCode()).isEqualTo(code);
        }
    }

    @Test
    void compressedAndPlainMessagesMayBeMixedWithPingsBetweenFragments() throws IOException {
        byte[] message = MessageInflaterTest.deflate(text(PRODUCE));
        try (RawWebSocket client = new RawWebSocket(hub.port(), OFFER)) {
            client.send(RawWebSocket.RSV1 | RawWebSocket.TEXT, false, Arrays.copyOf(message, 5));
            client.send(RawWebSocket.PING, text("between"));
            client.send(RawWebSocket.CONTINUATION, false, Arrays.copyOfRange(message, 5, 9));
            client.send(RawWebSocket.CONTINUATION, true, Arrays.copyOfRange(message, 9, message.length));
            client.send(RawWebSocket.TEXT, false, Arrays.copyOf(text(PRODUCE), 5));
            client.send(RawWebSocket.CONTINUATION, true, Arrays.copyOfRange(text(PRODUCE), 5, PRODUCE.length()));
            client.send(RawWebSocket.TEXT, text(PRODUCE));
            client.send(RawWebSocket.RSV1 | RawWebSocket.TEXT, message);

            assertThat(client.read().payload()).isEqualTo(text("between"));
            for (int i = 0; i < 4; i++) {
                RawWebSocket.Frame answer = client.read();
                assertThat(new String(answer.payload(), StandardCharsets.UTF_8)).contains("produced");
                assertThat(answer.rsv1()).isFalse();
            }
        }
    }

    private static void produce(DeflatingClient client, Subprotocol subprotocol, String topic, int fragments) {
        if (subprotocol == Subprotocol.JSON) {
            String records = IntStream.range(0, RECORDS)
                    .mapToObj(i -> "{\"key\":\"k\",\"value\":" + value(i) + "}")
                    .collect(Collectors.joining(","));
            client.send("{'type':'produce','topic':'" + topic + "','ref':'1','records':[" + records + "]}", fragments);
            assertThat(client.next().json().get("type").asString()).isEqualTo("produced");
        } else {
            client.send(false, binary(topic), fragments);
            assertThat(client.next().text()).isFalse();
        }
    }

    /** A binary produce frame, as {@code openapi/asyncapi.yaml} describes it. */
    private static byte[] binary(String topic) {
        ByteBuffer frame = ByteBuffer.allocate(MAX_FRAME);
        frame.put((byte) 1).put((byte) 1).putShort((short) 1).put((byte) '1');
        frame.putShort((short) topic.length()).put(text(topic)).putInt(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            byte[] value = text(value(i));
            frame.putInt(-1).putLong(-1).put((byte) 0);
            frame.putInt(-1).putInt(value.length).put(value).putInt(-1);
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    private static String value(int i) {
        return "{\"flight\":" + i + ",\"from\":\"DTW\",\"to\":\"SEA\",\"delay\":" + i % 7 + ",\"cancelled\":false}";
    }

    /** Written with single quotes. */
    private static byte[] text(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
