package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Acks;
import io.millrace.json.JsonBuffer;
import io.millrace.json.RecordLimits;
import io.millrace.json.RecordParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
                .isEqualTo(Arrays.stream(ServerFrame.RevokedReason.values())
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .toList());
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
