package io.millrace.rest;

import io.millrace.edge.QueryParameters;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import java.time.Duration;
import java.util.Set;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * What a reader asks for.
 *
 * @param from where to begin
 * @param limit at most this many records
 * @param maxBytes at most this many bytes of keys, values and headers, but always one record
 * @param maxWait how long to wait for a first record at the end of the partition
 */
record ReadRequest(StartPosition from, int limit, int maxBytes, Duration maxWait) {

    static final int DEFAULT_LIMIT = 500;
    static final int MAX_LIMIT = 10_000;
    static final int DEFAULT_BYTES = 1024 * 1024;
    static final int MAX_BYTES = 16 * 1024 * 1024;
    static final Duration MAX_WAIT = Duration.ofSeconds(60);

    private static final Set<String> NAMES = Set.of("offset", "timestamp", "limit", "max_bytes", "wait");

    /**
     * @param defaultLimit applies if the reader names no limit
     * @param maxLimit a larger limit is refused
     * @throws HubException {@link io.millrace.event.HubError#INVALID_REQUEST}
     */
    static ReadRequest of(ServerHttpRequest request, int defaultLimit, int maxLimit) {
        QueryParameters query = QueryParameters.of(request, NAMES);
        return new ReadRequest(
                from(query),
                (int) query.number("limit", 1, maxLimit).orElse(defaultLimit),
                (int) query.number("max_bytes", 1, MAX_BYTES).orElse(DEFAULT_BYTES),
                query.duration("wait", MAX_WAIT));
    }

    private static StartPosition from(QueryParameters query) {
        if (query.has("offset") && query.has("timestamp")) {
            throw QueryParameters.invalid("timestamp", "conflict", "give offset or timestamp, not both");
        }
        if (query.has("timestamp")) {
            return new StartPosition.AtTimestamp(
                    query.number("timestamp", 0, StartPosition.MAX_TIMESTAMP).getAsLong());
        }
        if (query.has("offset")) {
            return new StartPosition.AtOffset(
                    query.number("offset", 0, Long.MAX_VALUE).getAsLong());
        }
        return new StartPosition.Earliest();
    }
}
