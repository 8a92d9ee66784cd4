package io.millrace.rest;

import static io.millrace.rest.BadRequest.TOPIC;
import static io.millrace.rest.BadRequest.latin1;
import static io.millrace.rest.BadRequest.record;
import static io.millrace.rest.BadRequest.records;
import static io.millrace.rest.BadRequest.value;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Records that must be refused. */
final class BadRecords {

    private static final String MEBIBYTE = "x".repeat(1024 * 1024);

    private BadRecords() {}

    static Stream<BadRequest> envelopes() {
        return Stream.of(
                records("nothing", "", "malformed_json", "#"),
                records("a word", "hello", "malformed_json", "#"),
                records("an array", "[]", "invalid_request", "#"),
                records("no records field", "{}", "invalid_request", "#/records"),
                records("no records", "{\"records\":[]}", "invalid_request", "#/records"),
                records("records as an object", "{\"records\":{}}", "invalid_request", "#/records"),
                records("an unknown field", "{\"records\":[{\"value\":1}],\"more\":1}", "invalid_request", "#/more"),
                records(
                        "records twice",
                        "{\"records\":[{\"value\":1}],\"records\":[{\"value\":1}]}",
                        "invalid_request",
                        "#/records"),
                records("trailing garbage", "{\"records\":[{\"value\":1}]} x", "malformed_json", "#"),
                records("an end too early", "{\"records\":[{\"value\":1}", "malformed_json", "#/records"),
                records("a leading zero", "{\"records\":[{\"value\":01}]}", "malformed_json", "#/records/0"),
                records("a comma too many", "{\"records\":[{\"value\":1},]}", "malformed_json", "#/records/1"),
                records("a byte order mark", "\ufeff{\"records\":[{\"value\":1}]}", "malformed_json", "#"),
                records(
                        "UTF-16",
                        "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_16LE),
                        400,
                        "malformed_json",
                        "#"),
                records(
                        "100,000 objects in another",
                        "{\"records\":" + "{\"a\":".repeat(100_000),
                        "malformed_json",
                        "#/records"),
                records(
                        "100,001 records",
                        latin1("{\"records\":[{\"value\":1}" + ",{\"value\":1}".repeat(100_000) + "]}"),
                        413,
                        "request_too_large",
                        "#/records"),
                records(
                        "a record of more than a mebibyte",
                        latin1("{\"records\":[{\"value\":1},{\"value\":\"" + MEBIBYTE + "\"}]}"),
                        413,
                        "record_too_large",
                        "#/records/1"),
                records(
                        "a partition that does not exist",
                        latin1("{\"records\":[{\"value\":1},{\"value\":1,\"partition\":2}]}"),
                        404,
                        "unknown_partition",
                        "#/records/1/partition"));
    }

    static Stream<BadRequest> fields() {
        return Stream.of(
                record("a number as a record", "1", ""),
                record("an unknown field", "{\"valeu\":1}", "valeu"),
                record("an unknown field with slash and tilde", "{\"a/b~c d\":1}", "a~1b~0c%20d"),
                record("a value twice", "{\"value\":1,\"value\":2}", "value"),
                record("a value twice, once escaped", "{\"value\":1,\"v\\u0061lue\":2}", "value"),
                record("both forms of the value", "{\"value\":1,\"value_base64\":\"QQ==\"}", "value_base64"),
                record("both forms of the key", "{\"key_base64\":\"QQ==\",\"key\":\"a\"}", "key"),
                record("a number as the key", "{\"key\":1}", "key"),
                record("a key that is half a character", "{\"key\":\"\\ud800\"}", "key"),
                record("base64 without padding", "{\"key_base64\":\"QQ\"}", "key_base64"),
                record("base64 with stray bits", "{\"value_base64\":\"QR==\"}", "value_base64"),
                record("base64 of the URL alphabet", "{\"value_base64\":\"_-8=\"}", "value_base64"),
                record("base64 with a line break", "{\"value_base64\":\"QUFB\\nQUFB\"}", "value_base64"),
                record("a partition as text", "{\"partition\":\"0\"}", "partition"),
                record("half a partition", "{\"partition\":0.5}", "partition"),
                record("a negative partition", "{\"partition\":-1}", "partition"),
                record("a partition of more than 32 bits", "{\"partition\":4294967296}", "partition"),
                record("a timestamp before 1970", "{\"timestamp\":-1}", "timestamp"),
                record("a timestamp after 9999", "{\"timestamp\":253402300800000}", "timestamp"),
                record("a timestamp of 900 digits", "{\"timestamp\":" + "9".repeat(900) + "}", "timestamp"),
                record("a timestamp as text", "{\"timestamp\":\"2024-01-01T00:00:00Z\"}", "timestamp"),
                record("a timestamp with an exponent", "{\"timestamp\":1e3}", "timestamp"),
                record("headers as an object", "{\"headers\":{\"a\":\"b\"}}", "headers"),
                record("a header without a name", "{\"headers\":[{\"value\":\"b\"}]}", "headers/0/name"),
                record("a header with an empty name", "{\"headers\":[{\"name\":\"\"}]}", "headers/0/name"),
                record(
                        "a header with a number",
                        "{\"headers\":[{\"name\":\"a\"},{\"name\":\"b\",\"value\":1}]}",
                        "headers/1/value"),
                record("an unknown field of a header", "{\"headers\":[{\"nam\":\"a\"}]}", "headers/0/nam"),
                record(
                        "65 headers",
                        "{\"headers\":[{\"name\":\"a\"}" + ",{\"name\":\"a\"}".repeat(64) + "]}",
                        "headers"));
    }

    static Stream<BadRequest> values() {
        return Stream.of(
                value("a byte that is not UTF-8", latin1("\"a\u00ffb\"")),
                value("an overlong NUL", latin1("\"\u00c0\u0080\"")),
                value("a surrogate as UTF-8", latin1("\"\u00ed\u00a0\u0080\"")),
                value("a raw NUL", "\"a\u0000b\""),
                value("a raw line break in a string", "\"a\nb\""),
                value("an unknown escape", "\"\\x41\""),
                value("arrays 100,000 deep", "[".repeat(100_000) + "]".repeat(100_000)),
                value("a number of 100,000 digits", "9".repeat(100_000)),
                value("a number without an integer", ".5"),
                value("NaN", "NaN"),
                value("single quotes", "'a'"),
                value("a comment", "/* */ 1"),
                value("nothing", ""));
    }

    static Stream<BadRequest> lines() {
        return Stream.of(
                line("a word", "hello", 400, "malformed_json", "#/records/0"),
                line("an array", "[{\"value\":1}]", 400, "invalid_record", "#/records/0"),
                line("two records on a line", "{\"value\":1}{\"value\":2}", 400, "malformed_json", "#/records/0"),
                line("the JSON of a whole request", "{\"records\":[]}", 400, "invalid_record", "#/records/0/records"),
                line("a bad line after an empty one", "\n{\"value\":}\n", 400, "malformed_json", "#/records/0/value"),
                line(
                        "a partition that does not exist",
                        "{\"partition\":9}",
                        404,
                        "unknown_partition",
                        "#/records/0/partition"),
                line("too large a record", "{\"value\":\"" + MEBIBYTE + "\"}", 413, "record_too_large", "#/records/0"));
    }

    private static BadRequest line(String name, String body, int status, String code, String pointer) {
        return BadRequest.of(
                "NDJSON: " + name,
                "POST /v1/topics/" + TOPIC + "/records",
                "Content-Type: application/x-ndjson",
                body,
                status,
                code,
                pointer);
    }
}
