package io.millrace.rest;

import static io.millrace.rest.BadRequest.TOPIC;

import java.util.stream.Stream;

/** Topics that must be refused. */
final class BadTopics {

    private static final String LONG_NAME = "n".repeat(250);

    private BadTopics() {}

    static Stream<BadRequest> creations() {
        return Stream.of(
                create("nothing", "", "invalid_request", "#"),
                create("a word", "hello", "malformed_json", "#"),
                create("an array", "[]", "invalid_request", "#"),
                create("an end too early", "{\"name\":\"a\"", "malformed_json", "#"),
                create("trailing garbage", "{\"name\":\"a\"} x", "malformed_json", "#"),
                create("a second object", "{\"name\":\"a\"}{\"name\":\"b\"}", "malformed_json", "#"),
                create("UTF-8 cut short", "{\"name\":\"a\u00e9", "malformed_json", "#"),
                create("arrays 100,000 deep", "{\"config\":" + "[".repeat(100_000), "malformed_json", "#"),
                create(
                        "a number of 100,000 digits",
                        "{\"partitions\":" + "9".repeat(100_000) + "}",
                        "malformed_json",
                        "#"),
                create("a number of 900 digits", named("\"partitions\":" + "9".repeat(900)), "#/partitions"),
                create("an unknown field", named("\"partitons\":1"), "#/partitons"),
                create("an unknown field with odd characters", named("\"a/b~c d\":1"), "#/a~1b~0c%20d"),
                create("a name twice", named("\"name\":\"b\""), "malformed_json", "#"),
                create("no name", "{\"partitions\":1}", "#/name"),
                create("a number as the name", "{\"name\":1}", "#/name"),
                create("null as the name", "{\"name\":null}", "#/name"),
                name("an empty name", ""),
                name("a name with a space", "a b"),
                name("a name with a slash", "a/b"),
                name("a name with NUL", "a\\u0000"),
                name("a name beyond ASCII", "\u00e9"),
                name("a name with a line break", "a\\n"),
                name("a dot as the name", "."),
                name("two dots as the name", ".."),
                name("a name of 250 characters", LONG_NAME),
                create("no partitions", named("\"partitions\":0"), "invalid_partitions", "#/partitions"),
                create("minus one partitions", named("\"partitions\":-1"), "invalid_partitions", "#/partitions"),
                create("a million partitions", named("\"partitions\":1000000"), "invalid_partitions", "#/partitions"),
                create("half a partition", named("\"partitions\":1.5"), "#/partitions"),
                create("partitions as text", named("\"partitions\":\"3\""), "#/partitions"),
                create("a text as the config", named("\"config\":\"x\""), "#/config"),
                config("an unknown setting", "\"retention\":1", "retention"),
                config("an unknown setting with odd characters", "\"a/b c\":1", "a~1b%20c"),
                config("a retention as text", "\"retention_ms\":\"1\"", "retention_ms"),
                config("no retention", "\"retention_ms\":0", "retention_ms"),
                config("a fractional retention", "\"retention_ms\":1.5", "retention_ms"),
                config("a huge retention", "\"retention_bytes\":1e400", "retention_bytes"),
                config("an unknown policy", "\"cleanup_policy\":\"purge\"", "cleanup_policy"),
                config("too large records", "\"max_record_bytes\":16777217", "max_record_bytes"),
                config("tombstones that go before they come", "\"delete_retention_ms\":-1", "delete_retention_ms"),
                config("a negative lag", "\"min_compaction_lag_ms\":-1", "min_compaction_lag_ms"),
                config("too many replicas", "\"min_insync_replicas\":11", "min_insync_replicas"));
    }

    static Stream<BadRequest> others() {
        return Stream.of(
                request("a topic that exists", "POST", "", named(TOPIC, ""), 409, "topic_exists", null),
                request(
                        "an unknown parameter",
                        "POST",
                        "?dry_run=1",
                        named("\"partitions\":1"),
                        400,
                        "invalid_request",
                        "?dry_run"),
                request(
                        "fewer partitions",
                        "PATCH",
                        "/" + TOPIC,
                        "{\"partitions\":1}",
                        400,
                        "invalid_partitions",
                        "#/partitions"),
                request("another name", "PATCH", "/" + TOPIC, "{\"name\":\"b\"}", 400, "invalid_request", "#/name"),
                request(
                        "a wrong setting",
                        "PATCH",
                        "/" + TOPIC,
                        "{\"config\":{\"retention_ms\":-2}}",
                        400,
                        "invalid_config",
                        "#/config/retention_ms"),
                request("an unknown topic", "PATCH", "/none", "{}", 404, "unknown_topic", null),
                request("an unknown topic", "DELETE", "/none", "", 404, "unknown_topic", null),
                BadRequest.get("an unknown topic", "/v1/topics/none", 404, "unknown_topic", null),
                BadRequest.get("a NUL in a name", "/v1/topics/a%00b", 404, "unknown_topic", null),
                BadRequest.get("a name that is not UTF-8", "/v1/topics/%ff", 404, "unknown_topic", null),
                BadRequest.get("a long name", "/v1/topics/" + LONG_NAME, 404, "unknown_topic", null),
                BadRequest.get("an encoded slash", "/v1/topics/a%2Fb", 404, "unknown_topic", null),
                BadRequest.get("a limit of zero", "/v1/topics?limit=0", 400, "invalid_request", "?limit"),
                BadRequest.get("a limit above the maximum", "/v1/topics?limit=1001", 400, "invalid_request", "?limit"),
                BadRequest.get("a NUL in a prefix", "/v1/topics?prefix=%00", 400, "invalid_request", "?prefix"),
                BadRequest.get("a percent sign in after", "/v1/topics?after=%25", 400, "invalid_request", "?after"));
    }

    static Stream<BadRequest> deletions() {
        return Stream.of(
                delete("nothing", "", 400, "invalid_request", "?before"),
                delete("an empty offset", "?before=", 400, "invalid_request", "?before"),
                delete("a negative offset", "?before=-1", 400, "invalid_request", "?before"),
                delete("an offset that is not a number", "?before=latest", 400, "invalid_request", "?before"),
                delete("half an offset", "?before=1.5", 400, "invalid_request", "?before"),
                delete(
                        "an offset of more than 64 bits",
                        "?before=9223372036854775808",
                        400,
                        "invalid_request",
                        "?before"),
                delete("two offsets", "?before=0&before=1", 400, "invalid_request", "?before"),
                delete("an unknown parameter", "?before=0&after=1", 400, "invalid_request", "?after"),
                delete("an offset beyond the end", "?before=1", 416, "offset_beyond_end", "?before"),
                delete("the largest offset", "?before=9223372036854775807", 416, "offset_beyond_end", "?before"),
                request(
                        "records of a partition that is not a number",
                        "DELETE",
                        "/" + TOPIC + "/partitions/x/records?before=0",
                        "",
                        400,
                        "invalid_request",
                        "?partition"),
                request(
                        "records of a partition that does not exist",
                        "DELETE",
                        "/" + TOPIC + "/partitions/2/records?before=0",
                        "",
                        404,
                        "unknown_partition",
                        null),
                request(
                        "records of no topic",
                        "DELETE",
                        "/none/partitions/0/records?before=0",
                        "",
                        404,
                        "unknown_topic",
                        null));
    }

    static Stream<BadRequest> retentions() {
        return Stream.of(
                tried("no retention", "retention_ms=0", "invalid_config", "?retention_ms"),
                tried("an empty retention", "retention_ms=", "invalid_config", "?retention_ms"),
                tried("a retention as a duration", "retention_ms=7d", "invalid_config", "?retention_ms"),
                tried(
                        "a retention of many digits",
                        "retention_ms=" + "9".repeat(900),
                        "invalid_config",
                        "?retention_ms"),
                tried("a negative size", "retention_bytes=-2", "invalid_config", "?retention_bytes"),
                tried("an unknown policy", "cleanup_policy=purge", "invalid_config", "?cleanup_policy"),
                tried("a number as the policy", "cleanup_policy=1", "invalid_config", "?cleanup_policy"),
                tried("a setting twice", "retention_ms=1&retention_ms=1", "invalid_request", "?retention_ms"),
                tried("a setting of records", "max_record_bytes=1", "invalid_request", "?max_record_bytes"),
                BadRequest.get("retention of no topic", "/v1/topics/none/retention", 404, "unknown_topic", null));
    }

    private static BadRequest delete(String name, String query, int status, String code, String pointer) {
        return request(
                "deleting before " + name,
                "DELETE",
                "/" + TOPIC + "/partitions/0/records" + query,
                "",
                status,
                code,
                pointer);
    }

    private static BadRequest tried(String name, String query, String code, String pointer) {
        return BadRequest.get("trying " + name, "/v1/topics/" + TOPIC + "/retention?" + query, 400, code, pointer);
    }

    private static BadRequest create(String name, String body, String pointer) {
        return create(name, body, "invalid_request", pointer);
    }

    private static BadRequest create(String name, String body, String code, String pointer) {
        return request(name, "POST", "", body, 400, code, pointer);
    }

    private static BadRequest name(String name, String topic) {
        return create(name, "{\"name\":\"" + topic + "\"}", "invalid_topic_name", "#/name");
    }

    private static BadRequest config(String name, String setting, String pointer) {
        return create(name, named("\"config\":{" + setting + "}"), "invalid_config", "#/config/" + pointer);
    }

    private static String named(String fields) {
        return named("a", "," + fields);
    }

    private static String named(String name, String fields) {
        return "{\"name\":\"" + name + "\"" + fields + "}";
    }

    private static BadRequest request(
            String name, String method, String path, String body, int status, String code, String pointer) {
        return BadRequest.of(
                method + ": " + name,
                method + " /v1/topics" + path,
                "Content-Type: application/json",
                body,
                status,
                code,
                pointer);
    }
}
