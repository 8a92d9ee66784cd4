package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.binary.BinaryFrames;
import io.millrace.binary.BinaryProduceReader;
import io.millrace.binary.BinaryRecords;
import io.millrace.event.Acks;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.NewBatch;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.json.JsonBuffer;
import io.millrace.json.ProduceFrame;
import io.millrace.json.RecordLimits;
import io.millrace.json.RecordParser;
import io.millrace.stream.RevokedReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/** What {@code openapi/asyncapi.yaml} describes is what the code speaks. */
class AsyncApiTest {

    private static final Set<String> FROM_CLIENT =
            Set.of("subscribe", "permit", "seek", "pause", "resume", "unsubscribe", "commit", "produce");

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
    void theBinaryExamplesAreWhatIsReadAndWritten() {
        byte[] value = "{\"total\": 3}".getBytes(StandardCharsets.UTF_8);
        byte[] produce = binaryExample("binary_produce");
        ProduceFrame frame = new BinaryProduceReader(produce, produce.length, new RecordLimits(1000, 10, 10)).read();
        assertThat(frame.ref()).isEqualTo("10");
        assertThat(frame.topic()).isEqualTo("orders");
        assertThat(frame.records().getFirst().value()).isEqualTo(value);

        assertThat(binaryExample("binary_produced"))
                .isEqualTo(BinaryFrames.produced("10", new int[] {3}, new long[] {42}));

        byte[][] keys = {{'a'}};
        RecordBatch batch = new NewBatch(
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
    void theHubWritesWhatIsDescribed() {
        JsonBuffer draining = FrameWriter.write(new ServerFrame.Draining());
        assertThat(new String(draining.toByteArray(), StandardCharsets.UTF_8))
                .isEqualTo(new String(examples("draining").getFirst(), StandardCharsets.UTF_8));
    }

    /** Written in hexadecimal, as YAML has no bytes that can be read. */
    private static byte[] binaryExample(String name) {
        List<?> examples = (List<?>) Objects.requireNonNull(in(messages, name).get("examples"), name);
        String hex = String.valueOf(((Map<?, ?>) examples.getFirst()).get("payload"));
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static List<byte[]> examples(String name) {
        List<?> examples = (List<?>) Objects.requireNonNull(in(messages, name).get("examples"), name);
        JsonMapper json = new JsonMapper();
        return examples.stream()
                .map(example -> json.writeValueAsBytes(((Map<?, ?>) example).get("payload")))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> in(Map<String, Object> map, String member) {
        return (Map<String, Object>) Objects.requireNonNull(map.get(member), member);
    }
}
