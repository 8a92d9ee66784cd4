package io.millrace.codec;

import static io.millrace.json.JsonTexts.concat;
import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.edge.Places;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.RecordLimits;
import io.millrace.event.Violation;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid bodies: the error, the location, the code, and the byte offset of malformed JSON. */
class RecordRefusalTest {

    private static final RecordLimits LIMITS = new RecordLimits(40, 3, 2);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        0  | #                           | ``
        2  | #                           | `  `
        1  | #                           | nope
        1  | #                           | {
        1  | #                           | {records:[]}
        10 | #                           | {"records"}
        11 | #/records                   | {"records":
        11 | #/records                   | {"records":}
        12 | #/records/0                 | {"records":[
        12 | #/records/0                 | {"records":[,]}
        13 | #/records/0                 | {"records":[{
        14 | #/records                   | {"records":[{}
        15 | #/records/1                 | {"records":[{},]}
        15 | #/records                   | {"records":[{} {}]}
        15 | #                           | {"records":[{}]
        16 | #                           | {"records":[{}],}
        16 | #                           | {"records":[{}]}}
        17 | #                           | {"records":[{}]} {}
        13 | #/records/0                 | {"records":[{key:1}]}
        21 | #/records/0/value           | {"records":[{"value":}]}
        22 | #/records/0/value           | {"records":[{"value":[}]}
        23 | #/records/0                 | {"records":[{"value":1 2}]}
        24 | #/records/1/value           | {"records":[{},{"value":+1}]}
        21 | #/records/0/key             | {"records":[{"key":nuul}]}
        21 | #/records/0/key             | {"records":[{"key":"\\q"}]}
        23 | #/records/0/headers         | {"records":[{"headers":}]}
        24 | #/records/0/headers/0       | {"records":[{"headers":[}]}
        25 | #/records/0/headers/0       | {"records":[{"headers":[{]}]}
        37 | #/records/0                 | {"records":[{"headers":[{"name":"a"}]
        36 | #/records/0/headers         | {"records":[{"headers":[{"name":"a"};]}]}
        32 | #/records/0/headers/0/name  | {"records":[{"headers":[{"name":x}]}]}
        26 | #/records/0/partition       | {"records":[{"partition":-}]}
        26 | #/records/0                 | {"records":[{"partition":01}]}
        """)
    void malformedJsonIsRefusedWithItsOffset(int offset, String pointer, String body) {
        refused(body, HubError.MALFORMED_JSON, pointer, "malformed_json", offset);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        wrong_type     | #          | []
        wrong_type     | #          | null
        wrong_type     | #          | "records"
        required       | #/records  | {}
        unknown_field  | #/record   | {"record":[]}
        unknown_field  | #/         | {"":[]}
        unknown_field  | #/Records  | {"Records":[]}
        unknown_field  | #/acks     | {"records":[{}],"acks":"1"}
        unknown_field  | #/a~1b~0c  | {"a/b~c":1}
        unknown_field  | #/%C3%A9%20%22%25%5E | {"\\u00e9 \\"%^":1}
        unknown_field  | #/%EF%BF%BD | {"\\ud800":1}
        duplicate_field | #/records | {"records":[{}],"records":[{}]}
        duplicate_field | #/records | {"records":[{}],"r\\u0065cords":[{}]}
        wrong_type     | #/records  | {"records":{}}
        wrong_type     | #/records  | {"records":null}
        empty          | #/records  | {"records":[]}
        empty          | #/records  | {"records":[ ]}
        """)
    void anErrorOutsideOfRecordsIsAnInvalidRequest(String code, String pointer, String body) {
        refused(body, HubError.INVALID_REQUEST, pointer, code, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        wrong_type         | #/records/0                         | 1
        wrong_type         | #/records/0                         | null
        wrong_type         | #/records/0                         | []
        wrong_type         | #/records/1                         | {},"a"
        unknown_field      | #/records/0/keys                    | {"keys":"a"}
        unknown_field      | #/records/0/offset                  | {"offset":1}
        unknown_field      | #/records/1/VALUE                   | {},{"VALUE":1}
        unknown_field      | #/records/0/value_base65            | {"value_base65":1}
        duplicate_field    | #/records/0/value                   | {"value":1,"value":1}
        duplicate_field    | #/records/0/key                     | {"key":null,"key":"a"}
        duplicate_field    | #/records/0/headers                 | {"headers":[],"headers":[]}
        duplicate_field    | #/records/0/timestamp               | {"timestamp":1,"timestamp":1}
        duplicate_field    | #/records/0/partition               | {"partition":1,"partition":1}
        duplicate_field    | #/records/0/key_base64              | {"key_base64":"","key_base64":""}
        duplicate_field    | #/records/0/value_base64            | {"value_base64":"","value_base64":""}
        conflicting_fields | #/records/0/key_base64              | {"key":"a","key_base64":"QQ=="}
        conflicting_fields | #/records/0/key                     | {"key_base64":null,"key":"a"}
        conflicting_fields | #/records/0/value_base64            | {"value":null,"value_base64":null}
        conflicting_fields | #/records/0/value                   | {"value_base64":"QQ==","value":1}
        wrong_type         | #/records/0/key                     | {"key":1}
        wrong_type         | #/records/0/key                     | {"key":{"a":[]}}
        wrong_type         | #/records/0/key_base64              | {"key_base64":[]}
        wrong_type         | #/records/0/value_base64            | {"value_base64":true}
        invalid_key        | #/records/2/key                     | {},{},{"key":"a\\ud800"}
        invalid_key        | #/records/0/key                     | {"key":"\\udc00\\ud800"}
        invalid_base64     | #/records/0/key_base64              | {"key_base64":"Q"}
        invalid_base64     | #/records/0/key_base64              | {"key_base64":"QQ"}
        invalid_base64     | #/records/0/key_base64              | {"key_base64":"QQ="}
        invalid_base64     | #/records/0/key_base64              | {"key_base64":"QR=="}
        invalid_base64     | #/records/0/key_base64              | {"key_base64":"QUF="}
        invalid_base64     | #/records/0/value_base64            | {"value_base64":"QQ==QQ=="}
        invalid_base64     | #/records/0/value_base64            | {"value_base64":"===="}
        invalid_base64     | #/records/0/value_base64            | {"value_base64":"-_-_"}
        invalid_base64     | #/records/0/value_base64            | {"value_base64":"QQ= "}
        invalid_base64     | #/records/0/value_base64            | {"value_base64":"QQ\\n=="}
        invalid_base64     | #/records/0/value_base64            | {"value_base64":"ééQQ"}
        invalid_base64     | #/records/0/value_base64            | {"value_base64":"\\ud800"}
        wrong_type         | #/records/0/partition               | {"partition":"1"}
        wrong_type         | #/records/0/partition               | {"partition":1.0}
        wrong_type         | #/records/0/partition               | {"partition":1e2}
        wrong_type         | #/records/0/timestamp               | {"timestamp":1E2}
        out_of_range       | #/records/0/partition               | {"partition":-1}
        out_of_range       | #/records/0/partition               | {"partition":2147483648}
        out_of_range       | #/records/0/timestamp               | {"timestamp":-1}
        out_of_range       | #/records/0/timestamp               | {"timestamp":253402300800000}
        out_of_range       | #/records/0/timestamp               | {"timestamp":18446744073709551617}
        wrong_type         | #/records/0/timestamp               | {"timestamp":"2024-01-01"}
        wrong_type         | #/records/0/headers                 | {"headers":{}}
        wrong_type         | #/records/0/headers/0               | {"headers":["a"]}
        required           | #/records/0/headers/0/name          | {"headers":[{}]}
        required           | #/records/0/headers/1/name          | {"headers":[{"name":"a"},{"value":"b"}]}
        wrong_type         | #/records/0/headers/0/name          | {"headers":[{"name":null}]}
        empty              | #/records/0/headers/0/name          | {"headers":[{"name":""}]}
        invalid_header     | #/records/0/headers/0/name          | {"headers":[{"name":"\\udfff"}]}
        wrong_type         | #/records/0/headers/0/value         | {"headers":[{"name":"a","value":1}]}
        invalid_header     | #/records/0/headers/0/value         | {"headers":[{"name":"a","value":"\\ud8ff."}]}
        invalid_base64     | #/records/0/headers/0/value_base64  | {"headers":[{"value_base64":"A"}]}
        conflicting_fields | #/records/0/headers/0/value         | {"headers":[{"value_base64":"","value":""}]}
        duplicate_field    | #/records/0/headers/0/name          | {"headers":[{"name":"a","name":"a"}]}
        unknown_field      | #/records/0/headers/0/key           | {"headers":[{"key":"a"}]}
        too_many_headers   | #/records/0/headers                 | {"headers":[{"name":"a"},{"name":"b"},{"name":"c"}]}
        """)
    void anErrorInARecordIsAnInvalidRecord(String code, String pointer, String records) {
        refused("{\"records\":[" + records + "]}", HubError.INVALID_RECORD, pointer, code, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"key":"12345678901234567890","value":123456789012345678901}
        {"value":"123456789012345678901234567890123456789"}
        {"key_base64":"MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}
        {"headers":[{"name":"a","value":"1234567890123456"}]}
        """)
    void aRecordOfOneByteTooManyIsTooLarge(String record) {
        String body = "{\"records\":[{}," + record + "]}";
        refused(body, HubError.RECORD_TOO_LARGE, "#/records/1", "record_too_large", null);

        byte[] bytes = utf8(body);
        assertThat(RecordParser.parseRequest(bytes, 0, bytes.length, new RecordLimits(41, 2, 1)))
                .hasSize(2);
    }

    @Test
    void aRequestOfOneRecordTooManyIsTooLarge() {
        String body = "{\"records\":[{},{},{},{}]}";
        refused(body, HubError.REQUEST_TOO_LARGE, "#/records", "too_many_records", null);

        byte[] bytes = utf8(body);
        assertThat(RecordParser.parseRequest(bytes, 0, bytes.length, new RecordLimits(0, 4, 0)))
                .hasSize(4);
    }

    @Test
    void depthAndLengthOfNumbersHaveCodesOfTheirOwn() {
        String start = "{\"records\":[{\"value\":";
        refused(start + "[".repeat(501), HubError.MALFORMED_JSON, "#/records/0/value", "too_deep", 521);
        refused(start + "1".repeat(1001) + "}]}", HubError.MALFORMED_JSON, "#/records/0/value", "number_too_long", 21);
        refused("{\"records\":{\"a\":" + "[".repeat(500), HubError.MALFORMED_JSON, "#/records", "too_deep", 515);
    }

    @Test
    void anUnknownNameIsShownUpToItsFirst64Characters() {
        refused(
                "{\"" + "x".repeat(65) + "\":1}",
                HubError.INVALID_REQUEST,
                "#/" + "x".repeat(64),
                "unknown_field",
                null);
        refused(
                "{\"" + "x".repeat(63) + "🛫\":1}",
                HubError.INVALID_REQUEST,
                "#/" + "x".repeat(63),
                "unknown_field",
                null);
    }

    private static void refused(
            String body, HubError error, String pointer, String code, @Nullable Integer byteOffset) {
        // the body is part of a larger array, and offsets count from the start of the body
        byte[] bytes = concat(utf8("[[["), utf8(body), utf8("\"}]}0"));
        int length = utf8(body).length;
        HubException refusal = refusal(() -> RecordParser.parseRequest(bytes, 3, length, LIMITS));

        Violation violation = refusal.violations().getFirst();
        assertThat(refusal.error()).as(body).isEqualTo(error);
        assertThat(Places.text(violation.place())).isEqualTo(pointer);
        assertThat(violation.code()).isEqualTo(code);
        assertThat(violation.detail()).isEqualTo(refusal.detail()).isNotBlank();
        assertThat(refusal.violations()).hasSize(1);
        assertThat(refusal.members()).isEqualTo(byteOffset == null ? Map.of() : Map.of("byte_offset", byteOffset));
    }

    private static HubException refusal(ThrowingCallable call) {
        return assertThatExceptionOfType(HubException.class).isThrownBy(call).actual();
    }
}
