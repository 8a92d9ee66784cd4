package io.millrace.rest;

import static io.millrace.rest.BadRequest.TOPIC;

import java.util.List;
import java.util.stream.Stream;

/** Bodies without a type or of one that the resource does not accept, and Accept headers that no answer satisfies. */
final class BadTypes {

    private static final String RECORDS = "POST /v1/topics/" + TOPIC + "/records";
    private static final String ONE = "{\"records\":[{\"value\":1}]}";

    /** Types that no resource accepts. */
    private static final List<String> NOWHERE = List.of(
            "none",
            "Content-Type:",
            "Content-Type: nonsense",
            "Content-Type: a/b/c",
            "Content-Type: */*",
            "Content-Type: text/*",
            "Content-Type: application/*",
            "Content-Type: application/*+json",
            "Content-Type: application/json, text/plain",
            "Content-Type: text/plain\nContent-Type: application/octet-stream",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Type: multipart/form-data; boundary=x",
            "Content-Type: application/vnd.kafka.json.v2+json",
            "Content-Type: application/vnd.kafka.binary.v2+json",
            "Content-Type: application/vnd.kafka.v2+json",
            "Content-Type: application/cloudevents+json",
            "Content-Type: application/cloudevents-batch+json",
            "Content-Type: application/ld+json",
            "Content-Type: application/json-seq",
            "Content-Type: application/javascript",
            "Content-Type: application/xml",
            "Content-Type: application/yaml",
            "Content-Type: application/x-yaml",
            "Content-Type: application/unknown",
            "Content-Type: text/json",
            "Content-Type: text/x-json",
            "Content-Type: text/html",
            "Content-Type: text/csv",
            "Content-Type: model/gltf+json",
            "Content-Type: message/http",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: application/json; charset=iso-8859-1",
            "Content-Type: application/json; charset=\"ISO-8859-1\"",
            "Content-Type: application/json; CHARSET=UTF-16LE",
            "Content-Type: application/json; charset=klingon",
            "Content-Type: application/json; charset=",
            "Content-Type: application/json; charset=utf-8; charset=utf-16");

    private static final List<String> NO_RECORDS = List.of(
            "Content-Type: application/x-ndjson; charset=utf-16",
            "Content-Type: application/jsonl; charset=windows-1252",
            "Content-Type: text/plain; charset=iso-8859-1",
            "Content-Type: text/plain; charset=\"utf-16\"",
            "Content-Type: application/merge-patch+json");

    private static final List<String> JSON_ONLY = List.of(
            "Content-Type: application/x-ndjson",
            "Content-Type: application/octet-stream",
            "Content-Type: text/plain",
            "Content-Type: image/png");

    private BadTypes() {}

    static Stream<BadRequest> bodies() {
        return Stream.concat(
                Stream.of(NOWHERE, NO_RECORDS).flatMap(List::stream).map(type -> body(RECORDS, type, ONE)),
                Stream.of(
                                new String[] {"POST /v1/topics", "{\"name\":\"other\"}"},
                                new String[] {"PATCH /v1/topics/" + TOPIC, "{\"config\":{\"retention_ms\":1}}"},
                                new String[] {"POST /v1/groups/g/members", "{\"topics\":[\"" + TOPIC + "\"]}"},
                                new String[] {"POST /v1/groups/g/members/m/offsets", "{\"offsets\":[]}"},
                                new String[] {"POST /v1/groups/g/members/m/heartbeat", "{\"epoch\":1}"},
                                new String[] {"PATCH /v1/groups/g/offsets", "{\"to\":\"latest\"}"})
                        .flatMap(request -> Stream.of(NOWHERE, JSON_ONLY)
                                .flatMap(List::stream)
                                .map(type -> body(request[0], type, request[1]))));
    }

    /** For answers that are JSON, NDJSON or events. */
    static Stream<BadRequest> answers() {
        String topic = "/v1/topics/" + TOPIC;
        return Stream.of(
                        answers("GET " + topic, "", "application/x-ndjson", "text/event-stream"),
                        answers("GET /v1/topics", "", "application/problem+json"),
                        answers("GET /v1/limits", "", "text/plain"),
                        answers("GET /v1/groups", "", "application/xml"),
                        answers("GET " + topic + "/partitions/0/records", "", "text/event-stream"),
                        answers("GET " + topic + "/retention", "", "application/x-ndjson"),
                        answers("DELETE " + topic + "/partitions/0/records?before=0", "", "application/x-ndjson"),
                        answers("GET " + topic + "/stream", "", "application/json"),
                        answers("GET /v1/groups/g/stream?topics=" + TOPIC, "", "application/x-ndjson"),
                        answers("POST " + topic + "/records", ONE, "application/x-ndjson"),
                        answers("POST /v1/topics", "{\"name\":\"other\"}", "text/csv"))
                .flatMap(rows -> rows);
    }

    private static Stream<BadRequest> answers(String line, String body, String... others) {
        String own = line.endsWith("/stream") || line.contains("/stream?") ? "text/event-stream" : "application/json";
        Stream<String> anywhere = Stream.of(
                "Accept: text/html",
                "Accept: nonsense",
                "Accept: a/b/c",
                "Accept: */json",
                "Accept: */*;q=0",
                "Accept: */*;q=2",
                "Accept: */*;q=x",
                "Accept: */*;Q=2",
                "Accept: */*;Q=x",
                "Accept: image/*, text/html;q=0.5",
                "Accept: application/*;q=0, text/*;q=0, image/png");
        Stream<String> excluding = line.contains("partitions")
                ? Stream.of("Accept: application/json;q=0, application/x-ndjson;q=0, */*")
                : Stream.of(
                        "Accept: " + own + ";q=0",
                        "Accept: " + own + ";q=0.000, */*",
                        "Accept: */*, " + own + "; q=0",
                        "Accept: */*\nAccept: " + own + ";q=0");
        Stream<String> named = Stream.of(others).map(type -> "Accept: " + type);
        String type = body.isEmpty() ? "" : "\nContent-Type: application/json";
        return Stream.of(anywhere, excluding, named)
                .flatMap(rows -> rows)
                .map(accept -> BadRequest.of(
                        line + " with " + accept.replace("\n", " and "),
                        line,
                        accept + type,
                        body,
                        406,
                        "not_acceptable",
                        null));
    }

    private static BadRequest body(String line, String type, String body) {
        return BadRequest.of(
                line + " with " + type.replace("\n", " and "),
                line,
                type.equals("none") ? "" : type,
                body,
                415,
                "unsupported_media_type",
                null);
    }
}
