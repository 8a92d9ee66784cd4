package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import io.millrace.testing.TestPostgres;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Clients of {@code hub.v1.bin}, next to clients of {@code hub.v1.json}. */
class BinaryWebSocketIT {

    private static final String BINARY = "hub.v1.bin";
    private static final String ANY_PARTITION_NOW = "ffffffff ffffffffffffffff ";
    private static final String NULL = "ffffffff ";

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start(TestPostgres.newDatabase());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    /** A record of a binary frame. */
    private record Received(
            long offset,
            byte format,
            @Nullable String key,
            @Nullable String value,
            @Nullable String headers) {}

    @Test
    void recordsProducedInBinaryAreReadAsJson() {
        hub.createTopic("to-json", 1);
        try (WsClient producer = WsClient.offering(hub, BINARY);
                WsClient reader = WsClient.connect(hub)) {
            producer.sendBinary(produce(
                    "1",
                    "to-json",
                    ANY_PARTITION_NOW + "00" + bytes("k") + bytes("{\"a\": [1,2]}")
                            + bytes("[{\"name\":\"h\",\"value\":\"v\"}]"),
                    ANY_PARTITION_NOW + "01" + NULL + bytes("plain \"text\"") + NULL,
                    "00000000 00000000000003e8 06 00000002 ff00 00000002 00fe" + NULL,
                    ANY_PARTITION_NOW + "00" + bytes("k") + NULL + NULL));

            assertThat(hex(producer.nextBinary()))
                    .isEqualTo(("02 0001 31 00000004"
                                    + "00000000 0000000000000000 00000000 0000000000000001"
                                    + "00000000 0000000000000002 00000000 0000000000000003")
                            .replace(" ", ""));
            reader.send("{'type':'subscribe','id':'s','topics':['to-json'],'from':'earliest','credits':100}");
            reader.next("assigned");
            JsonNode records = reader.next("records").get("records");
            assertThat(records.get(0).get("key").asString()).isEqualTo("k");
            assertThat(records.get(0).get("value").toString()).isEqualTo("{\"a\":[1,2]}");
            assertThat(records.get(0).get("headers").toString()).isEqualTo("[{\"name\":\"h\",\"value\":\"v\"}]");
            assertThat(records.get(1).get("value").asString()).isEqualTo("plain \"text\"");
            assertThat(records.get(2).get("key_base64").asString()).isEqualTo("/wA=");
            assertThat(records.get(2).get("value_base64").asString()).isEqualTo("AP4=");
            assertThat(records.get(2).get("timestamp").asLong()).isEqualTo(1000);
            assertThat(records.get(3).get("value").isNull()).isTrue();
        }
    }

    @Test
    void recordsProducedAsJsonArriveInBinaryAndAllElseAsText() {
        hub.createTopic("from-json", 1);
        try (WsClient client = WsClient.offering(hub, BINARY)) {
            client.send("{'type':'produce','ref':'7','topic':'from-json','records':[{'key':'k','value':{'a': 1},"
                    + "'headers':[{'name':'h','value':'v'}]},{'key_base64':'/wA=','value_base64':'AP4='},{}]}");
            assertThat(client.next("produced").get("ref").asString()).isEqualTo("7");
            client.send("{'type':'subscribe','id':'s','topics':['from-json'],'from':'earliest','credits':2}");
            assertThat(client.next("assigned").get("partitions").size()).isEqualTo(1);

            ByteBuffer first = client.nextBinary();
            assertThat(opening(first)).isEqualTo("records s from-json 0 epoch 0 next 2 of 3");
            assertThat(records(first))
                    .containsExactly(
                            new Received(0, (byte) 0, "k", "{\"a\": 1}", "[{\"name\":\"h\",\"value\":\"v\"}]"),
                            new Received(1, (byte) 6, latin1(0xff, 0), latin1(0, 0xfe), null));
            client.send("{'type':'permit','id':'s','records':5}");
            ByteBuffer second = client.nextBinary();
            assertThat(opening(second)).isEqualTo("records s from-json 0 epoch 0 next 3 of 3");
            assertThat(records(second)).containsExactly(new Received(2, (byte) 0, null, null, null));
        }
    }

    @Test
    void aGroupMemberGetsTheEpochAndCommitsInJson() {
        hub.createTopic("grouped", 1);
        try (WsClient client = WsClient.offering(hub, BINARY)) {
            client.send("{'type':'subscribe','id':'s','topics':['grouped'],'group':'g','from':'earliest','credits':9}");
            JsonNode assigned = client.next("assigned");
            while (assigned.get("partitions").isEmpty()) {
                assigned = client.next("assigned");
            }
            client.sendBinary(produce("1", "grouped", ANY_PARTITION_NOW + "00" + NULL + bytes("1") + NULL));

            List<ByteBuffer> frames = List.of(client.nextBinary(), client.nextBinary());
            ByteBuffer records = frames.stream()
                    .filter(frame -> frame.get(0) == 3)
                    .findFirst()
                    .orElseThrow();
            String epoch = assigned.get("epoch").asString();
            assertThat(opening(records)).isEqualTo("records s grouped 0 epoch " + epoch + " next 1 of 1");
            client.send("{'type':'commit','id':'s','ref':'c','offsets':[{'topic':'grouped','partition':0,'epoch':"
                    + epoch + ",'next_offset':1}]}");
            assertThat(client.next("committed").get("ref").asString()).isEqualTo("c");
        }
    }

    @Test
    void withoutAcksTheAnswerIsEmptyAndOnlySentForARef() {
        hub.createTopic("no-acks", 1);
        try (WsClient client = WsClient.offering(hub, BINARY)) {
            client.sendBinary(frame("01 00 0000" + string("no-acks") + "00000001" + ANY_PARTITION_NOW + "00" + NULL
                    + bytes("1") + NULL));
            client.sendBinary(frame("01 00" + string("b") + string("no-acks") + "00000001" + ANY_PARTITION_NOW + "00"
                    + NULL + bytes("2") + NULL));

            assertThat(hex(client.nextBinary())).isEqualTo("0200016200000000");
        }
    }

    @Test
    void anInvalidFrameIsRefusedWithItsRefAndStoresNothing() {
        hub.createTopic("refusing", 1);
        String good = ANY_PARTITION_NOW + "00" + NULL + bytes("1") + NULL;
        Map<String, byte[]> wrong = new TreeMap<>(Map.of(
                "malformed_json",
                        produce(
                                "malformed_json",
                                "refusing",
                                good,
                                ANY_PARTITION_NOW + "00" + NULL + bytes("{") + NULL),
                "invalid_record",
                        produce("invalid_record", "refusing", good, ANY_PARTITION_NOW + "08" + NULL + NULL + NULL),
                "invalid_request", frame("01 01" + string("invalid_request") + string("refusing") + "00000002" + good),
                "unknown_topic", produce("unknown_topic", "nowhere", good),
                "not_enough_replicas",
                        frame("01 ff" + string("not_enough_replicas") + string("refusing") + "00000001" + good),
                "unknown_partition",
                        produce("unknown_partition", "refusing", "00000001 ffffffffffffffff 00" + NULL + NULL + NULL)));
        try (WsClient client = WsClient.offering(hub, BINARY)) {
            wrong.forEach((code, frame) -> {
                client.sendBinary(frame);
                JsonNode error = client.next("error");
                assertThat(error.get("ref").asString()).isEqualTo(code);
                assertThat(error.get("problem").get("code").asString()).isEqualTo(code);
            });
            client.sendBinary(new byte[0]);
            assertThat(client.next("error").get("problem").get("code").asString())
                    .isEqualTo("invalid_request");
            client.sendBinary(produce("last", "refusing", good));

            assertThat(hex(client.nextBinary())).endsWith("00000001000000000000000000000000");
        }
    }

    @Test
    void theFirstSupportedSubprotocolOfTheClientIsUsed() {
        Map<List<String>, String> expected = Map.of(
                List.of("hub.v2.bin", BINARY, "hub.v1.json"), BINARY, List.of("hub.v1.json", BINARY), "hub.v1.json");
        expected.forEach((offered, used) -> {
            try (WsClient client = WsClient.offering(hub, offered.toArray(String[]::new))) {
                assertThat(client.subprotocol()).isEqualTo(used);
            }
        });
    }

    private static byte[] produce(String ref, String topic, String... records) {
        return frame(
                "01 01" + string(ref) + string(topic) + "%08x".formatted(records.length) + String.join("", records));
    }

    private static byte[] frame(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return "%04x".formatted(utf8.length) + HexFormat.of().formatHex(utf8);
    }

    private static String bytes(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return "%08x".formatted(utf8.length) + HexFormat.of().formatHex(utf8);
    }

    private static String hex(ByteBuffer frame) {
        return HexFormat.of().formatHex(frame.array());
    }

    private static String opening(ByteBuffer frame) {
        assertThat(frame.get()).isEqualTo((byte) 3);
        return "records " + readString(frame) + " " + readString(frame) + " " + frame.getInt() + " epoch "
                + frame.getLong() + " next " + frame.getLong() + " of " + frame.getLong();
    }

    private static List<Received> records(ByteBuffer frame) {
        List<Received> records = new ArrayList<>();
        int count = frame.getInt();
        for (int i = 0; i < count; i++) {
            long offset = frame.getLong();
            assertThat(frame.getLong()).as("timestamp").isPositive();
            records.add(new Received(offset, frame.get(), readBytes(frame), readBytes(frame), readBytes(frame)));
        }
        assertThat(frame.hasRemaining()).isFalse();
        return records;
    }

    private static String readString(ByteBuffer frame) {
        return read(frame, Short.toUnsignedInt(frame.getShort()), true);
    }

    /** As Latin-1, which keeps bytes that are not text distinct. */
    private static @Nullable String readBytes(ByteBuffer frame) {
        int length = frame.getInt();
        return length < 0 ? null : read(frame, length, false);
    }

    private static String read(ByteBuffer frame, int length, boolean utf8) {
        byte[] bytes = new byte[length];
        frame.get(bytes);
        return new String(bytes, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    private static String latin1(int... bytes) {
        return new String(bytes, 0, bytes.length);
    }
}
