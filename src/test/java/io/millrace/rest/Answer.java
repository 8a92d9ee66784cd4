package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A hub's answer. */
record Answer(int status, HttpHeaders headers, byte[] body) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** A qualified class name, or a line of a stack trace. */
    private static final Pattern INSIDES =
            Pattern.compile("\\b(?:java|jdk|io|org|reactor|tools)(?:\\.[a-z]\\w*)+\\.[A-Z]|\\tat |Exception");

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return JSON.readTree(body);
    }

    @Nullable
    String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    Answer hasStatus(int expected) {
        assertThat(status).as(this::text).isEqualTo(expected);
        return this;
    }

    /** Checks that this is a problem document with every field that clients may count on. */
    JsonNode isProblem(int expectedStatus, String code, @Nullable String pointer) {
        JsonNode problem = isProblemWithoutPath(expectedStatus, code);
        assertThat(problem.path("instance").asString()).isNotBlank();
        if (pointer != null) {
            JsonNode first = problem.path("errors").path(0);
            assertThat(first.path("pointer").asString("none")).as(this::text).isEqualTo(pointer);
            assertThat(first.path("code").asString()).isNotBlank();
            assertThat(first.path("detail").asString()).isNotBlank();
        }
        return problem;
    }

    /** The same for a request that was refused before its path was known. */
    JsonNode isProblemWithoutPath(int expectedStatus, String code) {
        hasStatus(expectedStatus);
        assertThat(header("content-type")).isEqualTo("application/problem+json");
        assertThat(text()).doesNotContainPattern(INSIDES);
        JsonNode problem = json();
        assertThat(problem.propertyNames())
                .contains("type", "title", "status", "code", "retryable", "detail", "kafka_error");
        assertThat(problem.path("code").asString()).as(this::text).isEqualTo(code);
        assertThat(problem.path("type").asString()).isEqualTo("/docs/errors#" + code);
        assertThat(problem.path("status").asInt()).isEqualTo(expectedStatus);
        assertThat(problem.path("retryable").isBoolean()).isTrue();
        for (String text : new String[] {"title", "detail", "kafka_error"}) {
            assertThat(problem.path(text).asString()).as(text).isNotBlank();
        }
        assertThat(header("retry-after") != null)
                .as("Retry-After")
                .isEqualTo(expectedStatus == 503 || expectedStatus == 429);
        return problem;
    }
}
