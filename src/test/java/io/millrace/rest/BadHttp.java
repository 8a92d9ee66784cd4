package io.millrace.rest;

import static io.millrace.rest.BadRequest.TOPIC;
import static io.millrace.rest.BadRequest.get;
import static io.millrace.rest.BadRequest.latin1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Paths, parameters, headers and types that must be refused. */
final class BadHttp {

    private static final String RECORDS = "/v1/topics/" + TOPIC + "/records";
    private static final String PARTITION = "/v1/topics/" + TOPIC + "/partitions/0/records";
    private static final String ONE = "{\"records\":[{\"value\":1}]}";

    private BadHttp() {}

    static Stream<BadRequest> reads() {
        return Stream.of(
                read("a negative offset", "?offset=-1", "?offset"),
                read("an offset that is not a number", "?offset=latest", "?offset"),
                read("an offset without a value", "?offset", "?offset"),
                read("an offset of more than 64 bits", "?offset=9223372036854775808", "?offset"),
                read("two offsets", "?offset=1&offset=2", "?offset"),
                read("offset and timestamp", "?offset=1&timestamp=2", "?timestamp"),
                read("a timestamp that is not a number", "?timestamp=yesterday", "?timestamp"),
                read("a limit of zero", "?limit=0", "?limit"),
                read("a limit above the maximum", "?limit=10001", "?limit"),
                read("a limit in Arabic digits", "?limit=%D9%A1", "?limit"),
                read("no bytes", "?max_bytes=0", "?max_bytes"),
                read("a wait without a unit", "?wait=5", "?wait"),
                read("a negative wait", "?wait=-1s", "?wait"),
                read("a wait above the maximum", "?wait=61s", "?wait"),
                read("a wait of too many digits", "?wait=99999999999s", "?wait"),
                read("an unknown parameter", "?ofset=1", "?ofset"),
                read("an unknown parameter with odd characters", "?a%00b=1", null),
                get(
                        "a partition that is not a number",
                        RECORDS.replace("records", "partitions/x/records"),
                        400,
                        "invalid_request",
                        "?partition"),
                get("a negative partition", PARTITION.replace("/0/", "/-1/"), 404, "unknown_partition", null),
                get("a partition that does not exist", PARTITION.replace("/0/", "/2/"), 404, "unknown_partition", null),
                get("a partition of no topic", "/v1/topics/none/partitions/0/records", 404, "unknown_topic", null),
                get("an offset beyond the end", PARTITION + "?offset=1", 416, "offset_beyond_end", null),
                get("the largest offset", PARTITION + "?offset=9223372036854775807", 416, "offset_beyond_end", null));
    }

    static Stream<BadRequest> paths() {
        return Stream.of(
                get("an unknown path", "/nope", 404, "not_found", null),
                get("a part of a path", "/v1", 404, "not_found", null),
                get("dots", "/v1/topics/../../etc/passwd", 404, "not_found", null),
                get("encoded dots", "/v1/topics/%2e%2e/%2e%2e/etc/passwd", 404, "not_found", null),
                get("a file of the class path", "/application.yaml", 404, "not_found", null),
                of("writing at an unknown path", "POST /v1/nope", "", "{}", 404, "not_found"),
                of("an absolute URL", "GET http://localhost/v1/nope", "", "", 404, "not_found"),
                of("an absolute URL of elsewhere", "GET http://example.org/v1/topics", "", "", 421, "unknown_host"),
                of("a method not allowed", "PUT /v1/topics/" + TOPIC, "", "{}", 405, "method_not_allowed"),
                of("deleting all topics", "DELETE /v1/topics", "", "", 405, "method_not_allowed"),
                of("reading without a partition", "GET " + RECORDS, "", "", 405, "method_not_allowed"),
                of("tracing", "TRACE /v1/topics", "", "", 405, "method_not_allowed"),
                of("an unknown method", "BREW /v1/topics", "", "", 405, "method_not_allowed"));
    }

    /** Requests that are refused before their path is known. */
    static Stream<BadRequest> garbage() {
        return Stream.of(
                get("half an escape", "/v1/topics/%a", 400, "invalid_request", null),
                get("an invalid escape", "/v1/topics/%zz", 400, "invalid_request", null),
                get("an invalid escape in a parameter", "/v1/topics?prefix=%zz", 400, "invalid_request", null),
                get("a raw bracket", "/v1/topics/[a]", 400, "invalid_request", null),
                get("a raw backslash", "/v1\\topics", 400, "invalid_request", null),
                of("a path of 64 KiB", "GET /" + "x".repeat(65536), "", "", 413, "request_too_large"),
                of("a header of 64 KiB", "GET /v1/topics", "X: " + "x".repeat(65536), "", 413, "request_too_large"),
                of(
                        "1,000 headers",
                        "GET /v1/topics",
                        "X: x" + "\nX: 1234567890".repeat(1000),
                        "",
                        413,
                        "request_too_large"),
                of("a header without a name", "GET /v1/topics", ": x", "", 400, "invalid_request"),
                of("a NUL in a header", "GET /v1/topics", "X: a\u0000b", "", 400, "invalid_request"),
                of("an invalid length", "POST /v1/topics", "Content-Length: many", "", 400, "invalid_request"),
                of(
                        "two lengths",
                        "POST /v1/topics",
                        "Content-Length: 1\nContent-Length: 2",
                        "",
                        400,
                        "invalid_request"),
                of("no HTTP at all", "\u0016\u0003\u0001 /", "", "", 400, "invalid_request"));
    }

    static Stream<BadRequest> bodies() {
        return Stream.of(
                json("acks=2", "?acks=2", "", 400, "invalid_request", "?acks"),
                json("no acks", "?acks=", "", 400, "invalid_request", "?acks"),
                json("acks twice", "?acks=1&acks=1", "", 400, "invalid_request", "?acks"),
                json("an unknown parameter", "?ack=1", "", 400, "invalid_request", "?ack"),
                json("acks=all without a standby", "?acks=all", "", 503, "not_enough_replicas", null),
                json("a producer id", "", "Producer-Id: p", 501, "unsupported_feature", null),
                json("an idempotency key", "", "Idempotency-Key: k", 501, "unsupported_feature", null),
                json("a claim of gzip", "", "Content-Encoding: gzip", 415, "unsupported_content_encoding", null),
                zipped("application/json"),
                zipped("application/x-ndjson"),
                zipped("application/octet-stream"),
                raw("text that is not UTF-8", "text/plain", "\u00ff", 400, "invalid_record", "#"),
                raw("too large a value", "image/png", "x".repeat(1024 * 1024 + 1), 413, "record_too_large", "#"),
                raw("a key that is not UTF-8", "text/plain\nHub-Key: \u00ff", "x", 400, "invalid_record", "Hub-Key"),
                raw("two keys", "text/plain\nHub-Key: a\nHub-Key: b", "x", 400, "invalid_record", "Hub-Key"),
                raw("a header without a name", "text/plain\nHub-Header-: a", "x", 400, "invalid_record", "Hub-Header-"),
                raw(
                        "65 headers",
                        "text/plain" + HttpApi.repeated(65, i -> "\nHub-Header-" + i + ": a"),
                        "x",
                        400,
                        "invalid_record",
                        "Hub-Header-*"),
                of(
                        "a topic in gzip",
                        "POST /v1/topics",
                        "Content-Type: application/json\nContent-Encoding: gzip",
                        "{\"name\":\"a\"}",
                        415,
                        "unsupported_content_encoding"),
                of(
                        "records for no topic",
                        "POST /v1/topics/none/records",
                        "Content-Type: application/json",
                        ONE,
                        404,
                        "unknown_topic"),
                of(
                        "lines for no topic",
                        "POST /v1/topics/none/records",
                        "Content-Type: application/x-ndjson",
                        "{}",
                        404,
                        "unknown_topic"),
                of(
                        "a topic of an odd name",
                        "POST /v1/topics/a%00/records",
                        "Content-Type: application/json",
                        ONE,
                        404,
                        "unknown_topic"));
    }

    private static BadRequest read(String name, String query, String pointer) {
        return get("read: " + name, PARTITION + query, 400, "invalid_request", pointer);
    }

    private static BadRequest json(String name, String query, String header, int status, String code, String pointer) {
        String headers = "Content-Type: application/json" + (header.isEmpty() ? "" : "\n" + header);
        return BadRequest.of(name, "POST " + RECORDS + query, headers, ONE, status, code, pointer);
    }

    /** The body is Latin-1, so that any byte can be written. */
    private static BadRequest raw(String name, String type, String body, int status, String code, String pointer) {
        return BadRequest.of(name, "POST " + RECORDS, "Content-Type: " + type, latin1(body), status, code, pointer);
    }

    private static BadRequest of(String name, String line, String headers, String body, int status, String code) {
        return BadRequest.of(name, line, headers, body, status, code, null);
    }

    /** 100 MB, compressed to 100 KB. */
    private static BadRequest zipped(String type) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            byte[] zeros = new byte[1_000_000];
            for (int i = 0; i < 100; i++) {
                zip.write(zeros);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        String headers = "Content-Type: " + type + "\nContent-Encoding: gzip";
        return BadRequest.of(
                "a gzip bomb as " + type,
                "POST " + RECORDS,
                headers,
                bytes.toByteArray(),
                415,
                "unsupported_content_encoding",
                null);
    }
}
