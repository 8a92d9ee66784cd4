package io.millrace.bench.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.content.KeyDistribution;
import io.millrace.bench.content.RecordShape;
import io.millrace.codec.NewRecordWriter;
import io.millrace.event.Acks;
import io.millrace.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BatchTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long ZERO = 777_000;

    @Test
    void aRecordHasAKeyAndAValueOfTheRequestedSizeThatBeginsWithItsSendTime() {
        Batch batch = batch(new RecordShape(40, 1, KeyDistribution.UNIFORM), 1);

        String text = new String(batch.render(ZERO + 12_345_678), StandardCharsets.US_ASCII);

        assertThat(text)
                .matches("\\[\\{\"key\":\"key-0000000\",\"value\":\\{\"at\":1000000012345678,\"text\":\"[a-z]{7}\"}}]");
        assertThat(text.substring(text.indexOf("{\"at\""), text.length() - 2)).hasSize(40);
    }

    @Test
    void recordsMayHaveNoKey() {
        Batch batch = batch(new RecordShape(RecordShape.LEAST_PAYLOAD, 10, KeyDistribution.NONE), 1);

        assertThat(new String(batch.render(ZERO), StandardCharsets.US_ASCII))
                .isEqualTo("[{\"value\":{\"at\":1000000000000000,\"text\":\"\"}}]");
    }

    @Test
    void eachRequestHasOtherRecordsAndTheSameLength() {
        Batch batch = batch(new RecordShape(200, 10_000, KeyDistribution.ZIPF), 50);
        Set<String> keys = new HashSet<>();
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            JsonNode records = JSON.readTree(batch.render(ZERO + i));
            assertThat(records).hasSize(50);
            records.forEach(record -> {
                keys.add(record.path("key").asString());
                texts.add(record.path("value").path("text").asString());
            });
        }

        assertThat(keys).hasSizeGreaterThan(100);
        assertThat(texts).hasSize(500);
        assertThat(batch.length())
                .isEqualTo(batch.render(ZERO).length)
                .isEqualTo(50 * ("{'key':'key-0000000','value':}".length() + 200) + 49 + 2);
    }

    @Test
    void aFrameHasTheRefOfItsRequest() {
        RecordShape shape = new RecordShape(RecordShape.LEAST_PAYLOAD, 1, KeyDistribution.UNIFORM);
        Batch batch = new Batch(
                Subprotocol.JSON.request(shape, "orders", Acks.LEADER, 2), TopicNames.one("orders"), shape, 2, ZERO, 1);

        assertThat(new String(batch.render(42, ZERO + 7), StandardCharsets.US_ASCII))
                .isEqualTo("{\"type\":\"produce\",\"ref\":\"000042\",\"topic\":\"orders\",\"acks\":\"1\",\"records\":["
                        + "{\"key\":\"key-0000000\",\"value\":{\"at\":1000000000000007,\"text\":\"\"}},"
                        + "{\"key\":\"key-0000000\",\"value\":{\"at\":1000000000000007,\"text\":\"\"}}]}");
        assertThat(new String(batch.render(999_999, ZERO), StandardCharsets.US_ASCII))
                .startsWith("{\"type\":\"produce\",\"ref\":\"999999\",");
    }

    @Test
    void aBinaryFrameHasLengthPrefixes() {
        RecordShape shape = new RecordShape(RecordShape.LEAST_PAYLOAD, 1, KeyDistribution.UNIFORM);
        Batch batch = new Batch(
                Subprotocol.BINARY.request(shape, "orders", Acks.LEADER, 2),
                TopicNames.one("orders"),
                shape,
                2,
                ZERO,
                1);
        String record = "ffffffff" // any partition
                + "ffffffffffffffff" // the time of the append
                + "00" // a JSON value and a text key
                + "0000000b" + ascii("key-0000000")
                + "00000021" + ascii("{\"at\":1000000000000007,\"text\":\"\"}")
                + "ffffffff"; // no headers

        assertThat(HexFormat.of().formatHex(batch.render(42, ZERO + 7)))
                .isEqualTo("01" + "01" + "0006" + ascii("000042") + "0006" + ascii("orders") + "00000002" + record
                        + record);
        assertThat(HexFormat.of().formatHex(batch.render(999_999, ZERO)))
                .startsWith("01" + "01" + "0006" + ascii("999999") + "0006");
    }

    @Test
    void aBinaryFrameHasNullForMissingKeys() {
        RecordShape shape = new RecordShape(RecordShape.LEAST_PAYLOAD, 1, KeyDistribution.NONE);
        Batch batch =
                new Batch(Subprotocol.BINARY.request(shape, "t", Acks.NONE, 1), TopicNames.one("t"), shape, 1, ZERO, 1);

        assertThat(HexFormat.of().formatHex(batch.render(0, ZERO)))
                .isEqualTo("01" + "00" + "0006" + ascii("000000") + "0001" + ascii("t") + "00000001"
                        + "ffffffff" + "ffffffffffffffff" + "00"
                        + "ffffffff"
                        + "00000021" + ascii("{\"at\":1000000000000000,\"text\":\"\"}")
                        + "ffffffff");
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aTopicNamedLikeAKeyIsNotOverwritten() {
        RecordShape shape = new RecordShape(RecordShape.LEAST_PAYLOAD, 10, KeyDistribution.UNIFORM);
        TopicNames topic = TopicNames.one("key-0000000");
        Batch batch =
                new Batch(Subprotocol.JSON.request(shape, topic.base(), Acks.LEADER, 2), topic, shape, 2, ZERO, 1);

        for (int i = 0; i < 10; i++) {
            JsonNode frame = JSON.readTree(batch.render(i, ZERO));
            assertThat(frame.path("topic").asString()).isEqualTo("key-0000000");
            assertThat(frame.path("ref").asString()).isEqualTo("00000" + i);
        }
    }

    @Test
    void requestsGoToSeveralTopicsInTurn() {
        RecordShape shape = new RecordShape(RecordShape.LEAST_PAYLOAD, 1, KeyDistribution.NONE);
        TopicNames topics = new TopicNames("orders", 11);
        Batch batch =
                new Batch(Subprotocol.JSON.request(shape, topics.first(), Acks.LEADER, 1), topics, shape, 1, ZERO, 20);

        assertThat(IntStream.range(0, 4).mapToObj(i -> JSON.readTree(batch.render(i, ZERO))
                        .path("topic")
                        .asString()))
                .containsExactly("orders-09", "orders-10", "orders-00", "orders-01");
        assertThat(topics.all()).hasSize(11).endsWith("orders-10");
    }

    private static Batch batch(RecordShape shape, int records) {
        JsonBuffer written = new JsonBuffer();
        NewRecordWriter.array(written, shape.samples(records));
        return new Batch(written.toByteArray(), TopicNames.one("t"), shape, records, ZERO, 1);
    }
}
