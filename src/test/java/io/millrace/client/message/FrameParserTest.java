package io.millrace.client.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.codec.ReadPage;
import io.millrace.event.TopicPartition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The examples of {@code openapi/asyncapi.yaml} can be parsed. */
class FrameParserTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static JsonNode messages = JSON.nullNode();

    @BeforeAll
    static void read() throws IOException {
        Object yaml = new Yaml().load(Files.readString(Path.of("openapi", "asyncapi.yaml")));
        messages = JSON.valueToTree(yaml).path("components").path("messages");
    }

    @Test
    void anAssignmentHasItsPositions() {
        assertThat(example("assigned"))
                .isEqualTo(new Frame.Assigned("s1", "", 0, List.of(new Position("orders", 0, 0))));
    }

    @Test
    void recordsComeWithTheNextOffset() {
        for (Frame frame : List.of(example("records"), binaryExample("binary_records"))) {
            ReadPage page = ((Frame.Records) frame).page();
            assertThat(page.id()).isEqualTo("s1");
            assertThat(page.topic()).isEqualTo("orders");
            assertThat(page.nextOffset()).isEqualTo(99);
            assertThat(page.highWatermark()).isEqualTo(120);
            assertThat(page.records()).hasSize(1);
            assertThat(page.records().getFirst().offset()).isEqualTo(98);
            assertThat(page.records().getFirst().value())
                    .asString(StandardCharsets.UTF_8)
                    .matches("\\{\"total\": ?3}");
        }
    }

    @Test
    void recordsAreRecognisedWithTheTypeAtAnyPosition() {
        Frame frame = text("{\"id\":\"s\",\"records\":[],\"partition\":2,\"next_offset\":7,\"type\":\"records\"}");

        assertThat(frame).isInstanceOf(Frame.Records.class);
        assertThat(((Frame.Records) frame).page().nextOffset()).isEqualTo(7);
    }

    @Test
    void aResetHasItsPosition() {
        assertThat(example("reset"))
                .isEqualTo(new Frame.Reset("s1", "offset_expired", List.of(new Position("orders", 0, 1000))));
    }

    @Test
    void answersHaveTheRefOfTheirRequest() {
        ProduceResult result = new ProduceResult(List.of(new ProduceResult.StoredAt(3, 42)));

        assertThat(example("produced")).isEqualTo(new Frame.Produced("10", result));
        assertThat(binaryExample("binary_produced")).isEqualTo(new Frame.Produced("10", result));
        assertThat(example("committed")).isEqualTo(new Frame.Committed("9"));
        assertThat(example("revoked"))
                .isEqualTo(new Frame.Revoked("s1", "topic_deleted", List.of(new TopicPartition("orders", 0))));
        assertThat(example("draining")).isEqualTo(new Frame.Draining());
    }

    @Test
    void anErrorHasTheHubsProblem() {
        Frame.Error error = (Frame.Error) example("error");

        assertThat(error.ref()).isEqualTo("9");
        assertThat(error.problem().code()).isEqualTo("unknown_topic");
        assertThat(error.problem().status()).isEqualTo(404);
        assertThat(error.problem().retryable()).isFalse();
        assertThat(error.problem()).hasToString("404 unknown_topic: there is no topic orders");
    }

    @Test
    void framesOfALaterReleaseArePassedOn() {
        assertThat(text("{\"type\":\"news\"}")).isEqualTo(new Frame.Unknown(JSON.readTree("{\"type\":\"news\"}")));
    }

    @Test
    void everyControlEventIsParsed() {
        for (JsonNode example : messages.path("control").path("examples")) {
            String data = JSON.writeValueAsString(example.path("payload"));
            Frame frame = FrameParser.event(new ServerSentEvents.Event("control", null, data));

            assertThat(frame.getClass().getSimpleName())
                    .isEqualToIgnoringCase(example.path("payload").path("type").asString());
        }
        assertThat(FrameParser.event(new ServerSentEvents.Event(
                        "control",
                        null,
                        "{\"type\":\"reset\",\"reason\":\"offset_expired\",\"partitions\":"
                                + "[{\"topic\":\"a\",\"partition\":1,\"next_offset\":5},"
                                + "{\"topic\":\"a\",\"partition\":2,\"next_offset\":6}]}")))
                .isEqualTo(new Frame.Reset(
                        "", "offset_expired", List.of(new Position("a", 1, 5), new Position("a", 2, 6))));
    }

    @Test
    void aRecordEventIsAPageWithOneRecord() {
        String data = JSON.writeValueAsString(
                messages.path("record").path("examples").path(0).path("payload"));
        ReadPage page = ((Frame.Records) FrameParser.event(new ServerSentEvents.Event("record", "7", data))).page();

        assertThat(page.topic()).isEqualTo("orders");
        assertThat(page.partition()).isZero();
        assertThat(page.records()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "{\"type\":\"records\"}",
                "{\"type\":\"assigned\",\"id\":\"s\",\"partitions\":[{\"topic\":\"a\"}]}",
                "{\"type\":\"produced\",\"results\":3}"
            })
    void textThatIsNotAFrameFails(String text) {
        assertThatThrownBy(() -> text(text)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aProblemHasItsPlacesAndNumbers() {
        Problem problem = Problem.parse(
                409,
                utf8(
                        "{\"status\":409,\"code\":\"stale_member_epoch\",\"retryable\":true,\"detail\":\"moved\",\"epoch\":7,\"errors\":[{\"pointer\":\"#/offsets/2\",\"code\":\"fenced\",\"detail\":\"not"
                            + " yours\"}]}"));

        assertThat(problem.places()).containsExactly(new Problem.Place("#/offsets/2", "fenced", "not yours"));
        assertThat(problem.number("epoch")).hasValue(7);
        assertThat(problem.number("next_offset")).isEqualTo(OptionalLong.empty());
        assertThat(problem).hasToString("409 stale_member_epoch: moved; #/offsets/2: not yours");
    }

    @Test
    void aProxysRefusalIsQuoted() {
        Problem problem = Problem.parse(503, utf8("<html>" + "x".repeat(300)));

        assertThat(problem.code()).isEmpty();
        assertThat(problem.isOverload()).isTrue();
        assertThat(problem.retryable()).isTrue();
        assertThat(problem).hasToString("status 503: <html>" + "x".repeat(194) + "…");
        assertThat(Problem.parse(404, new byte[0])).hasToString("status 404");
        assertThat(Problem.parse(404, utf8("[1]")).retryable()).isFalse();
    }

    @Test
    void theAnswerToAMembersPollIsParsedCompletely() {
        MemberRecords read = MemberRecords.parse(utf8("{\"group\":\"g\",\"member_id\":\"m\",\"epoch\":3,"
            + "\"assignment\":[{\"topic\":\"a\",\"partition\":1,\"epoch\":2}],"
            + "\"revoking\":[{\"topic\":\"a\",\"partition\":1}],"
            + "\"partitions\":[{\"topic\":\"a\",\"partition\":1,\"epoch\":2,\"reset\":{\"requested\":1,"
            + "\"reason\":\"offset_expired\"},\"records\":[{\"offset\":5,\"timestamp\":1,\"key\":null,\"value\":1.0,"
            + "\"headers\":[]}],\"next_offset\":6,\"high_watermark\":9}],\"cursor\":\"c\\u0031\"}"));

        assertThat(read.cursor()).isEqualTo("c1");
        assertThat(read.membership().memberId()).isEqualTo("m");
        assertThat(read.membership().epoch()).isEqualTo(3);
        assertThat(read.membership().assignment()).containsExactly(new Membership.Owned("a", 1, 2, null));
        assertThat(read.membership().revoking()).containsExactly(new TopicPartition("a", 1));
        assertThat(read.partitions()).hasSize(1);
        assertThat(read.partitions().getFirst().memberEpoch()).hasValue(2);
        assertThat(read.partitions().getFirst().records().getFirst().value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("1.0");
        assertThatThrownBy(() -> MemberRecords.parse(utf8("[]"))).isInstanceOf(RuntimeException.class);
    }

    private static Frame example(String message) {
        return text(JSON.writeValueAsString(
                messages.path(message).path("examples").path(0).path("payload")));
    }

    private static Frame binaryExample(String message) {
        String hex =
                messages.path(message).path("examples").path(0).path("payload").asString();
        return FrameParser.binary(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static Frame text(String json) {
        return FrameParser.text(utf8(json));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
