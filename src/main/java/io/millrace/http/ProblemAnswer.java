package io.millrace.http;

import io.millrace.edge.Failures;
import io.millrace.edge.HttpStatuses;
import io.millrace.edge.Problems;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.json.JsonBuffer;
import io.millrace.logging.LimitedLog;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.netty.channel.AbortedException;

/**
 * A problem document (RFC 9457) as the answer to a failed request.
 *
 * @param status the HTTP status
 * @param json the document
 * @param headers its headers besides type and length: when to retry, what would be accepted instead
 */
public record ProblemAnswer(int status, byte[] json, Map<String, String> headers) {

    private static final LimitedLog log = LimitedLog.of(ProblemAnswer.class);

    /** A lack of capacity, or of PostgreSQL, passes within seconds. */
    private static final long RETRY_AFTER_SECONDS = 1;

    /** RFC 6750, 3. */
    private static final String CHALLENGE = "Bearer realm=\"millrace\"";

    /**
     * The answer to a failure. A failure of the hub itself is logged.
     *
     * @param gone whether the client has gone away
     * @param request the request's id, for the log
     * @param path the request's path
     * @return null if the client has gone
     */
    public static @Nullable ProblemAnswer to(
            Throwable failure, boolean gone, String request, String method, String path) {
        if (isGone(failure)) {
            return null;
        }
        HubException problem = Failures.of(failure);
        if (problem.error() == HubError.INTERNAL) {
            logFailure(failure, gone, request, method, path);
        }
        if (gone) {
            return null;
        }
        JsonBuffer json = new JsonBuffer(512);
        Problems.write(json, problem, path);
        int status = HttpStatuses.of(problem.error());
        return new ProblemAnswer(status, json.toByteArray(), headers(problem, status, method));
    }

    private static Map<String, String> headers(HubException problem, int status, String method) {
        if (status == 503 || status == 429) {
            return Map.of(HttpHeaders.RETRY_AFTER, Long.toString(seconds(problem)));
        }
        return switch (problem.error()) {
            case UNAUTHENTICATED -> Map.of(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
            case UNSUPPORTED_CONTENT_ENCODING -> Map.of(HttpHeaders.ACCEPT_ENCODING, "identity");
            case UNSUPPORTED_MEDIA_TYPE ->
                types(String.valueOf(problem.members().get(BodyTypes.FIELD)), method);
            default -> Map.of();
        };
    }

    /** In whole seconds, as the header has it. */
    private static long seconds(HubException problem) {
        return problem.retryAfterMillis() == 0 ? RETRY_AFTER_SECONDS : (problem.retryAfterMillis() + 999) / 1000;
    }

    /** RFC 9110, 15.5.16, and the older header of each method. */
    private static Map<String, String> types(String types, String method) {
        return switch (method) {
            case "POST" -> Map.of(HttpHeaders.ACCEPT, types, "Accept-Post", types);
            case "PATCH" -> Map.of(HttpHeaders.ACCEPT, types, HttpHeaders.ACCEPT_PATCH, types);
            default -> Map.of(HttpHeaders.ACCEPT, types);
        };
    }

    /** A failure after the client has gone may be a consequence of that: files have been closed, for example. */
    private static void logFailure(Throwable failure, boolean gone, String request, String method, String path) {
        if (gone) {
            log.departed(failure, "request {}: {} {} failed after its client had gone", request, method, path);
        } else {
            log.failure(failure, "request {}: {} {} failed", request, method, path);
        }
    }

    /** Whether the failure itself says that the client has gone away, so the hub is not at fault. */
    private static boolean isGone(Throwable failure) {
        return failure instanceof AbortedException
                || failure instanceof IOException
                        && failure.getMessage() != null
                        && (failure.getMessage().contains("reset")
                                || failure.getMessage().contains("Broken pipe"));
    }
}
