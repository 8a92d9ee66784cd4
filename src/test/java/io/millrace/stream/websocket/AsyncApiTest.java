package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.codec.BinaryFrames;
import io.millrace.codec.BinaryProduceReader;
import io.millrace.codec.BinaryRecords;
import io.millrace.codec.ProduceFrame;
import io.millrace.codec.RecordParser;
import io.millrace.consume.RevokedReason;
import io.millrace.event.Acks;
import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.RecordLimits;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.eventlog.Slice;
import io.millrace.fetch.Delivery;
import io.millrace.stream.websocket.frame.ClientFrame;
import io.millrace.stream.websocket.frame.FrameReader;
import io.millrace.stream.websocket.frame.FrameWriter;
import io.millrace.stream.websocket.frame.ServerFrame;
import io.millrace.testing.AsyncApiContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The code speaks the protocol that {@code openapi/asyncapi.yaml} describes. */
class AsyncApiTest {

    private static final Set<String> FROM_CLIENT =
            Set.of("subscribe", "permit", "seek", "pause", "resume", "unsubscribe", "commit", "produce");

    private static final JsonMapper JSON = JsonMapper.shared();

    private static Map<String, Object> messages = Map.of();

    @BeforeAll
    static void read() throws IOException {
        Map<String, Object> document = new Yaml().load(Files.readString(Path.of("openapi", "asyncapi.yaml")));
        messages = in(in(document, "components"), "messages");
    }

    @Test
    void everyFrameIsDescribed() {
        Set<String> known = new TreeSet<>(FROM_CLIENT);
        Arrays.stream(ServerFrame.class.getPermittedSubclasses())
                .map(type -> type.getSimpleName().toLowerCase(Locale.ROOT).replace("failed", "error"))
                .forEach(known::add);
        known.addAll(Set.of("records", "record", "control"));
        known.addAll(Set.of("binary_produce", "binary_produced", "binary_records"));
        assertThat(messages.keySet()).containsExactlyInAnyOrderElementsOf(known);
        Set<String> subscriptionFrames = new TreeSet<>();
        Arrays.stream(ClientFrame.OfSubscription.class.getPermittedSubclasses())
                .map(type -> type.getSimpleName().toLowerCase(Locale.ROOT).replaceFirst("^subscribe.*", "subscribe"))
                .forEach(subscriptionFrames::add);
        subscriptionFrames.add("produce");
        assertThat(subscriptionFrames).isEqualTo(new TreeSet<>(FROM_CLIENT));
    }

    @Test
    void everyReasonOfARevocationIsDescribed() {
        Map<String, Object> reason = in(in(in(in(messages, "revoked"), "payload"), "properties"), "reason");
        assertThat(reason.get("enum"))
                .isEqualTo(Arrays.stream(RevokedReason.values())
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void theBinaryExamplesAreReadAndWritten() {
        byte[] value = "{\"total\": 3}".getBytes(StandardCharsets.UTF_8);
        byte[] produce = binaryExample("binary_produce");
        ProduceFrame frame = new BinaryProduceReader(produce, produce.length, new RecordLimits(1000, 10, 10)).read();
        assertThat(frame.ref()).isEqualTo("10");
        assertThat(frame.topic()).isEqualTo("orders");
        assertThat(frame.records().getFirst().value()).isEqualTo(value);

        assertThat(binaryExample("binary_produced"))
                .isEqualTo(BinaryFrames.produced("10", new int[] {3}, new long[] {42}));

        byte[][] keys = {{'a'}};
        RecordBatch batch = new Slice(
                        1,
                        new RecordColumns(new long[] {1_700_000_000_000L}, keys, new byte[][] {value}, null, null, 13))
                .at(98);
        byte[] opening = BinaryFrames.recordsOpening("s1", new TopicPartition("orders", 0), 0, 99, 120, 1);
        ByteBuffer records = ByteBuffer.allocate(opening.length + BinaryRecords.size(batch, 0, 1))
                .put(opening);
        BinaryRecords.write(records, batch, 0, 1);
        assertThat(binaryExample("binary_records")).isEqualTo(records.array());
    }

    @Test
    void everyExampleFromAClientIsUnderstood() {
        RecordLimits limits = new RecordLimits(1000, 10, 10);
        for (String name : FROM_CLIENT) {
            for (byte[] example : examples(name)) {
                if (name.equals("produce")) {
                    assertThat(RecordParser.parseProduceFrame(example, 0, example.length, limits)
                                    .acks())
                            .isEqualTo(Acks.LEADER);
                } else {
                    assertThat(new FrameReader().read(example, example.length)).isNotNull();
                }
            }
        }
    }

    @Test
    void everyFrameThatTheHubWritesIsDescribed() {
        TopicPartition partition = new TopicPartition("orders", 0);
        HubException refusal = new HubException(HubError.OFFSET_EXPIRED, Place.record(3, "value"), "x", "too late")
                .with("earliest_offset", 7L);
        List<ServerFrame> frames = new ArrayList<>(List.of(
                new ServerFrame.Assigned("s1", Map.of(partition, 42L)),
                new ServerFrame.Assigned("s1", "member", 7, Map.of()),
                new ServerFrame.Committed(null),
                new ServerFrame.Committed("9"),
                new ServerFrame.Reset("s1", new Delivery.Reset(partition, 42, 1000, 1200)),
                new ServerFrame.Produced(null, new Appended(new int[0], new long[0])),
                new ServerFrame.Produced("10", new Appended(new int[] {3}, new long[] {42})),
                new ServerFrame.Failed(null, null, refusal),
                new ServerFrame.Failed("9", "s1", new HubException(HubError.INTERNAL, "it failed")),
                new ServerFrame.Draining()));
        for (RevokedReason reason : RevokedReason.values()) {
            frames.add(new ServerFrame.Revoked("s1", List.of(partition), reason));
        }

        assertThat(frames.stream().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Set.of(ServerFrame.class.getPermittedSubclasses()));
        for (ServerFrame frame : frames) {
            JsonNode json = JSON.readTree(FrameWriter.write(frame).toByteArray());
            AsyncApiContract.check(json.path("type").asString(), json);
        }
    }

    @Test
    void everyExampleMatchesItsSchema() {
        for (String name : messages.keySet()) {
            if (!name.startsWith("binary_")) {
                for (byte[] example : examples(name)) {
                    AsyncApiContract.check(name, JSON.readTree(example));
                }
            }
        }
    }

    @Test
    void undescribedFramesAreDetected() {
        assertThatThrownBy(
                        () -> AsyncApiContract.check("draining", JSON.readTree("{\"type\":\"draining\",\"in_ms\":1}")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("in_ms");
        assertThatThrownBy(() -> AsyncApiContract.check("committed", JSON.readTree("{\"ref\":\"9\"}")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("type");
    }

    /** The examples are in hexadecimal, as YAML has no readable notation for bytes. */
    private static byte[] binaryExample(String name) {
        List<?> examples = (List<?>) Objects.requireNonNull(in(messages, name).get("examples"), name);
        String hex = String.valueOf(((Map<?, ?>) examples.getFirst()).get("payload"));
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static List<byte[]> examples(String name) {
        List<?> examples = (List<?>) Objects.requireNonNull(in(messages, name).get("examples"), name);
        return examples.stream()
                .map(example -> JSON.writeValueAsBytes(((Map<?, ?>) example).get("payload")))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> in(Map<String, Object> map, String key) {
        return (Map<String, Object>) Objects.requireNonNull(map.get(key), key);
    }
}
