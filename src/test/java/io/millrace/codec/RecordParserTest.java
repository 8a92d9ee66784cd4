package io.millrace.codec;

import static io.millrace.json.JsonTexts.text;
import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.edge.Places;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.event.RecordLimits;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordParserTest {

    private static final RecordLimits LIMITS = new RecordLimits(1000, 3, 3);

    @Test
    void theRecordsOfARequestAreReadInOrder() {
        List<NewRecord> records = request("""
            { "records" : [
              {"key":"a","value":{"n": 1},"headers":[{"name":"h","value":"v"}],"partition":4,"timestamp":1700000000000},
              {"timestamp":0,"partition":0,"value":2},
              {}
            ] }
            """);

        assertThat(records).hasSize(3);
        expect(records.get(0), 4, 1_700_000_000_000L, "a", "{\"n\": 1}", "[{\"name\":\"h\",\"value\":\"v\"}]", 0);
        expect(records.get(1), 0, 0, null, "2", null, 0);
        expect(records.get(2), NewRecord.ANY_PARTITION, NewRecord.NO_TIMESTAMP, null, null, null, 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', emptyValue = "", nullValues = "-", textBlock = """
        {}                                                   | -       | -       | -  | 0
        {"key":null,"value":null,"headers":null}             | -       | -       | -  | 0
        {"key_base64":null}                                  | -       | -       | -  | 0
        {"value_base64":null}                                | -       | -       | -  | 0
        {"partition":null,"timestamp":null,"headers":[]}     | -       | -       | -  | 0
        {"key":""}                                           | ``      | -       | -  | 0
        {"key":"\\u00e9\\/\\n\\ud83d\\udeeb"}                | `é/\n🛫` | -      | -  | 0
        {"k\\u0065y":"a","val\\u0075e":"b"}                  | a       | "b"     | -  | 0
        {"value" : "a\\u0062" }                              | -       | "a\\u0062" | - | 0
        {"value":"\\ud800"}                                  | -       | "\\ud800" | - | 0
        {"value":  [ 1,\t2 ]  }                              | -       | [ 1,\t2 ] | - | 0
        {"value":{"value":1,"value":2}}                      | -       | {"value":1,"value":2} | - | 0
        {"value":-0.0e+1}                                    | -       | -0.0e+1 | -  | 0
        {"key_base64":""}                                    | ``      | -       | -  | 4
        {"key_base64":"w6k="}                                | é       | -       | -  | 4
        {"key_base64":"w6\\u006b="}                          | é       | -       | -  | 4
        {"value_base64":""}                                  | -       | ``      | -  | 2
        {"value_base64":"Kg==","key_base64":"YQ=="}          | a       | *       | -  | 6
        {"value_base64":"Kj8/"}                              | -       | *??     | -  | 2
        {"headers":[ {"name" : "a"} ]}                       | -       | -       | [{"name":"a","value":null}] | 0
        {"headers":[{"name":"a","value":null}]}              | -       | -       | [{"name":"a","value":null}] | 0
        {"headers":[{"name":"a","value_base64":null}]}       | -       | -       | [{"name":"a","value":null}] | 0
        {"headers":[{"value":"","name":"\\u0061"}]}          | -       | -       | [{"name":"a","value":""}] | 0
        {"headers":[{"value":"\\u0001\\u001F\\/\\"\\\\\\u007f","name":"é"}]} | - | - | [{"name":"é","value":"\\u0001\\u001f/\\"\\\\\u007f"}] | 0
        {"headers":[{"name":"a","value_base64":"Kj8/"},{"name":"a"}]} | - | -   | [{"name":"a","value_base64":"Kj8/"},{"name":"a","value":null}] | 0
        """)
    void theFieldsOfARecordAreRead(
            String json, @Nullable String key, @Nullable String value, @Nullable String headers, int format) {
        byte[] body = utf8(json);

        NewRecord record = RecordParser.parseRecord(body, 0, body.length, 0, LIMITS);

        expect(record, NewRecord.ANY_PARTITION, NewRecord.NO_TIMESTAMP, key, value, headers, format);
        expect(
                request(" {\"records\":[{}," + json + " ]} ").get(1),
                NewRecord.ANY_PARTITION,
                NewRecord.NO_TIMESTAMP,
                key,
                value,
                headers,
                format);
    }

    @Test
    void theLargestIntegersAreAccepted() {
        NewRecord record = request("{\"records\":[{\"partition\":2147483647,\"timestamp\":253402300799999}]}")
                .getFirst();

        assertThat(record.partition()).isEqualTo(Integer.MAX_VALUE);
        assertThat(record.timestamp()).isEqualTo(253_402_300_799_999L);
        assertThat(request("{\"records\":[{\"partition\":-0}]}").getFirst().partition())
                .isZero();
    }

    @Test
    void aRecordDoesNotChangeWithTheBody() {
        byte[] body = utf8("{\"key\":\"kk\",\"value\":[1],\"headers\":[{\"name\":\"n\",\"value\":\"v\"}]}");
        NewRecord record = RecordParser.parseRecord(body, 0, body.length, 0, LIMITS);
        Arrays.fill(body, (byte) '!');

        expect(record, -1, -1, "kk", "[1]", "[{\"name\":\"n\",\"value\":\"v\"}]", RecordFormat.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"value":1} {"value":2} | MALFORMED_JSON | #/records/7     | malformed_json
        {"value":1},            | MALFORMED_JSON | #/records/7     | malformed_json
        {"value":1              | MALFORMED_JSON | #/records/7     | malformed_json
        ``                      | MALFORMED_JSON | #/records/7     | malformed_json
        [1]                     | INVALID_RECORD | #/records/7     | wrong_type
        {"records":[]}          | INVALID_RECORD | #/records/7/records | unknown_field
        {"key":1}               | INVALID_RECORD | #/records/7/key | wrong_type
        """)
    void anInvalidLineIsRefusedWithItsIndex(String line, HubError error, String pointer, String code) {
        byte[] body = utf8(line);

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> RecordParser.parseRecord(body, 0, body.length, 7, LIMITS))
                .satisfies(refusal -> {
                    assertThat(refusal.error()).isEqualTo(error);
                    assertThat(Places.text(refusal.violations().getFirst().place()))
                            .isEqualTo(pointer);
                    assertThat(refusal.violations().getFirst().code()).isEqualTo(code);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1,1", "0,12", "12,0", "3,-1", "6,6"})
    void aRangeOutsideTheBodyIsOutOfBounds(String range) {
        int offset = Integer.parseInt(range.split(",")[0]);
        int length = Integer.parseInt(range.split(",")[1]);

        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> RecordParser.parseRequest(new byte[11], offset, length, LIMITS));
    }

    private static List<NewRecord> request(String json) {
        byte[] body = utf8(json);
        return RecordParser.parseRequest(body, 0, body.length, LIMITS);
    }

    private static void expect(
            NewRecord record,
            int partition,
            long timestamp,
            @Nullable String key,
            @Nullable String value,
            @Nullable String headers,
            int format) {
        assertThat(record.partition()).isEqualTo(partition);
        assertThat(record.timestamp()).isEqualTo(timestamp);
        assertThat(textOrNull(record.key())).isEqualTo(key);
        assertThat(textOrNull(record.value())).isEqualTo(value);
        assertThat(textOrNull(record.headers())).isEqualTo(headers);
        assertThat(record.format()).isEqualTo((byte) format);
    }

    private static @Nullable String textOrNull(byte @Nullable [] utf8) {
        return utf8 == null ? null : text(utf8);
    }
}
