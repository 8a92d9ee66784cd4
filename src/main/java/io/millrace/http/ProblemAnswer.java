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
 * @param headers what belongs to it beside its type and length: when to come again, what would be taken instead
 */
public record ProblemAnswer(int status, byte[] json, Map<String, String> headers) {

    private static final LimitedLog log = LimitedLog.of(ProblemAnswer.class);

    /** Refusals for want of room or of PostgreSQL pass within seconds. */
    private static final String RETRY_AFTER_SECONDS = "1";

    /**
     * What a client is to be told of a failure; what is the hub's own fault is logged.
     *
     * @param gone whether the client has gone away
     * @param request names the request in the log
     * @param path that was asked for
     * @return null if nobody is there to be told
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
            return Map.of(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return switch (problem.error()) {
            case UNSUPPORTED_CONTENT_ENCODING -> Map.of(HttpHeaders.ACCEPT_ENCODING, "identity");
            case UNSUPPORTED_MEDIA_TYPE ->
                types(String.valueOf(problem.members().get(BodyTypes.MEMBER)), method);
            default -> Map.of();
        };
    }

    /** RFC 9110, 15.5.16, and the older header of each method. */
    private static Map<String, String> types(String types, String method) {
        return switch (method) {
            case "POST" -> Map.of(HttpHeaders.ACCEPT, types, "Accept-Post", types);
            case "PATCH" -> Map.of(HttpHeaders.ACCEPT, types, HttpHeaders.ACCEPT_PATCH, types);
            default -> Map.of(HttpHeaders.ACCEPT, types);
        };
    }

    /** What fails under a request whose client has left may have failed because of that: files are closed, for one. */
    private static void logFailure(Throwable failure, boolean gone, String request, String method, String path) {
        if (gone) {
            log.departed(failure, "request {}: {} {} failed after its client had gone", request, method, path);
        } else {
            log.failure(failure, "request {}: {} {} failed", request, method, path);
        }
    }

    /** Whether the failure itself says that the client has gone away: nothing is wrong with the hub. */
    private static boolean isGone(Throwable failure) {
        return failure instanceof AbortedException
                || failure instanceof IOException
                        && failure.getMessage() != null
                        && (failure.getMessage().contains("reset")
                                || failure.getMessage().contains("Broken pipe"));
    }
}
