package io.millrace.codec;

import static io.millrace.json.JsonTexts.text;
import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.edge.Places;
import io.millrace.event.Acks;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.RecordLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordFrameTest {

    private static final RecordLimits LIMITS = new RecordLimits(1000, 2, 3);

    @Test
    void theFieldsOfAProduceFrameMayBeInAnyOrder() {
        List<String> fields = List.of(
                "\"type\":\"produce\"",
                "\"ref\":\"10\"",
                "\"topic\":\"orders\"",
                "\"acks\":\"all\"",
                "\"records\":[{\"key\":\"k\"},{\"value\":[ ]}]");
        List<List<String>> orders = orders(fields);
        assertThat(orders).hasSize(120).doesNotHaveDuplicates();

        for (List<String> order : orders) {
            String json = "{" + String.join(" , ", order) + "}";
            ProduceFrame frame = frame(json);

            assertThat(frame.ref()).as(json).isEqualTo("10");
            assertThat(frame.topic()).isEqualTo("orders");
            assertThat(frame.acks()).isEqualTo(Acks.ALL);
            assertThat(frame.records()).hasSize(2);
            assertThat(text(frame.records().get(0).key())).isEqualTo("k");
            assertThat(text(frame.records().get(1).value())).isEqualTo("[ ]");
            assertThat(frameType(json)).isEqualTo("produce");
        }
    }

    private static List<List<String>> orders(List<String> fields) {
        if (fields.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> orders = new ArrayList<>();
        for (String first : fields) {
            List<String> others =
                    fields.stream().filter(field -> !field.equals(first)).toList();
            for (List<String> rest : orders(others)) {
                List<String> order = new ArrayList<>(List.of(first));
                order.addAll(rest);
                orders.add(order);
            }
        }
        return orders;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", emptyValue = "", textBlock = """
        `` | - | LEADER
        `"ref":null,"acks":null,` | - | LEADER
        `"ref":"é","acks":"1",` | `é` | LEADER
        `"acks":"0",` | - | NONE
        `"acks":"-1",` | - | ALL
        `"ref":"\\u00e9\\"",` | `é"` | LEADER
        """)
    void refAndAcksMayBeLeftOut(String fields, @Nullable String ref, Acks acks) {
        ProduceFrame frame = frame("{" + fields + "\"type\":\"produce\",\"topic\":\"t\",\"records\":[{}]}");

        assertThat(frame.ref()).isEqualTo(ref);
        assertThat(frame.acks()).isEqualTo(acks);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        INVALID_REQUEST   | required        | #/type          | {}
        INVALID_REQUEST   | required        | #/type          | {"topic":"t","records":[{}]}
        INVALID_REQUEST   | required        | #/topic         | {"type":"produce","records":[{}]}
        INVALID_REQUEST   | required        | #/records       | {"type":"produce","topic":"t"}
        INVALID_REQUEST   | unexpected_type | #/type          | {"type":"Produce"}
        INVALID_REQUEST   | wrong_type      | #/type          | {"type":null}
        INVALID_REQUEST   | invalid_string  | #/type          | {"type":"\\udc00"}
        INVALID_REQUEST   | wrong_type      | #/topic         | {"topic":null}
        INVALID_REQUEST   | wrong_type      | #/topic         | {"topic":["t"]}
        INVALID_REQUEST   | invalid_string  | #/topic         | {"topic":"\\ud800"}
        INVALID_REQUEST   | wrong_type      | #/ref           | {"ref":10}
        INVALID_REQUEST   | out_of_range    | #/ref           | {"ref":""}
        INVALID_REQUEST   | out_of_range    | #/ref           | {"ref":"01234567890123456789012345678901234567890123456789012345678901234"}
        INVALID_REQUEST   | wrong_type      | #/acks          | {"acks":1}
        INVALID_REQUEST   | out_of_range    | #/acks          | {"acks":"2"}
        INVALID_REQUEST   | out_of_range    | #/acks          | {"acks":"ALL"}
        INVALID_REQUEST   | invalid_string  | #/acks          | {"acks":"\\ud800"}
        INVALID_REQUEST   | duplicate_field | #/ref           | {"ref":null,"ref":"1"}
        INVALID_REQUEST   | duplicate_field | #/acks          | {"acks":"1","acks":"1"}
        INVALID_REQUEST   | unknown_field   | #/id            | {"id":"s1"}
        INVALID_REQUEST   | empty           | #/records       | {"records":[]}
        INVALID_REQUEST   | wrong_type      | #/records       | {"records":"[]"}
        INVALID_REQUEST   | wrong_type      | #               | []
        INVALID_RECORD    | wrong_type      | #/records/1/key | {"records":[{},{"key":1}]}
        REQUEST_TOO_LARGE | too_many_records | #/records      | {"records":[{},{},{}]}
        MALFORMED_JSON    | malformed_json  | #/topic         | {"topic":x}
        MALFORMED_JSON    | malformed_json  | #               | {"type":"produce","topic":"t","records":[{}]}}
        """)
    void anInvalidFrameIsRefusedWithTheLocationOfTheError(HubError error, String code, String pointer, String json) {
        refused(json, error, code, pointer, RecordFrameTest::frame);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        produce   | {"type":"produce"}
        commit    | { "id" : "s1", "offsets" : [ { "topic":"t" } ], "t\\u0079pe" : "commit" }
        ``        | {"type":""}
        é         | {"\\ud800":1,"a":1,"a":1,"type":"\\u00e9"}
        """)
    void theTypeOfAFrameIsFoundAmongAnyFields(String type, String json) {
        assertThat(frameType(json)).isEqualTo(type);
    }

    @Test
    void aFrameMayHoldTheDeepestRecord() {
        String value = "[".repeat(500) + "]".repeat(500);
        String json = "{\"records\":[{\"value\":" + value + "}],\"topic\":\"t\",\"type\":\"produce\"}";

        assertThat(frameType(json)).isEqualTo("produce");
        assertThat(frame(json).records()).hasSize(1);
        String deeper = json.replace(value, "[" + value + "]");
        refused(deeper, HubError.MALFORMED_JSON, "too_deep", "#", RecordFrameTest::frameType);
        refused(deeper, HubError.MALFORMED_JSON, "too_deep", "#/records/0/value", RecordFrameTest::frame);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        INVALID_REQUEST   | required        | #/type | {}
        INVALID_REQUEST   | required        | #/type | {"a":{"type":"produce"}}
        INVALID_REQUEST   | wrong_type      | #/type | {"type":1}
        INVALID_REQUEST   | wrong_type      | #/type | {"type":null}
        INVALID_REQUEST   | duplicate_field | #/type | {"type":"a","type":"a"}
        INVALID_REQUEST   | invalid_string  | #/type | {"type":"\\ud800"}
        INVALID_REQUEST   | wrong_type      | #      | "type"
        MALFORMED_JSON    | malformed_json  | #      | {"type":"a"
        MALFORMED_JSON    | malformed_json  | #      | {"type":"a","b":[1,]}
        MALFORMED_JSON    | malformed_json  | #      | {"type":"a"} x
        MALFORMED_JSON    | malformed_json  | #/type | {"type":a}
        MALFORMED_JSON    | malformed_json  | #      | ``
        """)
    void aFrameWithoutAReadableTypeIsRefused(HubError error, String code, String pointer, String json) {
        refused(json, error, code, pointer, RecordFrameTest::frameType);
    }

    private static void refused(String json, HubError error, String code, String pointer, Consumer<String> read) {
        assertThatExceptionOfType(HubException.class)
                .as(json)
                .isThrownBy(() -> read.accept(json))
                .satisfies(refusal -> {
                    assertThat(refusal.error()).isEqualTo(error);
                    assertThat(refusal.violations()).hasSize(1);
                    assertThat(refusal.violations().getFirst().code()).isEqualTo(code);
                    assertThat(Places.text(refusal.violations().getFirst().place()))
                            .isEqualTo(pointer);
                });
    }

    private static ProduceFrame frame(String json) {
        byte[] body = utf8(json);
        return RecordParser.parseProduceFrame(body, 0, body.length, LIMITS);
    }

    private static String frameType(String json) {
        byte[] body = utf8(json);
        return RecordParser.frameType(body, 0, body.length);
    }
}
