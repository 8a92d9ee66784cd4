package io.millrace.rest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request that must be refused, and how.
 *
 * @param head the request line and headers, without the body's length
 * @param pointer the place of the first violation; null if the problem has none
 */
record BadRequest(
        String name,
        String head,
        byte[] body,
        int status,
        String code,
        @Nullable String pointer) {

    /** A topic of two partitions that every table may use. */
    static final String TOPIC = "flights";

    static BadRequest of(
            String name, String requestLine, String headers, byte[] body, int status, String code, String pointer) {
        String head = requestLine + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (headers.isEmpty() ? "" : headers.replace("\n", "\r\n") + "\r\n");
        return new BadRequest(name, head, body, status, code, pointer);
    }

    static BadRequest of(
            String name, String requestLine, String headers, String body, int status, String code, String pointer) {
        return of(name, requestLine, headers, utf8(body), status, code, pointer);
    }

    /** A JSON body of records. */
    static BadRequest records(String name, String body, String code, String pointer) {
        return records(name, utf8(body), 400, code, pointer);
    }

    static BadRequest records(String name, byte[] body, int status, String code, String pointer) {
        return of(
                name,
                "POST /v1/topics/" + TOPIC + "/records",
                "Content-Type: application/json",
                body,
                status,
                code,
                pointer);
    }

    /** One record of a JSON body, after a good one; the pointer is within it. */
    static BadRequest record(String name, String record, String pointer) {
        return records(
                name,
                "{\"records\":[{\"value\":1}," + record + "]}",
                "invalid_record",
                "#/records/1" + (pointer.isEmpty() ? "" : "/" + pointer));
    }

    /** A record's value that is not JSON. */
    static BadRequest value(String name, byte[] value) {
        byte[] body = join(utf8("{\"records\":[{\"value\":"), value, utf8("}]}"));
        return records(name, body, 400, "malformed_json", "#/records/0/value");
    }

    static BadRequest value(String name, String value) {
        return value(name, utf8(value));
    }

    /** A request without a body. */
    static BadRequest get(String name, String target, int status, String code, String pointer) {
        return of(name, "GET " + target, "", new byte[0], status, code, pointer);
    }

    /** The whole request. */
    byte[] bytes() {
        String length = body.length == 0 && head.startsWith("GET") ? "" : "Content-Length: " + body.length + "\r\n";
        return join(latin1(head + length + "\r\n"), body);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return name;
    }
}
