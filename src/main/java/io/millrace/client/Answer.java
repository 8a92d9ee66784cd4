package io.millrace.client;

import io.millrace.client.message.Problem;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** The answer to a request, whether it succeeded or not. */
public record Answer(int status, HttpHeaders headers, byte[] body) {

    private static final int SUCCESSES = 2;

    public boolean isSuccess() {
        return status / 100 == SUCCESSES;
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The problem that a refusal describes; also if it is not a hub's. */
    public Problem problem() {
        return Problem.parse(status, body);
    }

    long retryAfterSeconds() {
        return headers.firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Long::parseLong)
                .orElse(-1L);
    }

    RefusedException refusal(String what) {
        return new RefusedException(what, problem(), retryAfterSeconds());
    }
}
