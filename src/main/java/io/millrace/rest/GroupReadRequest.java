package io.millrace.rest;

import io.millrace.edge.QueryParameters;
import io.millrace.event.HubException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * What a member asks for that reads.
 *
 * @param epoch the newest that it knows; empty if it does not say
 * @param cursor where it goes on, as the member sent it; null to begin where the group has committed
 * @param limit at most so many records
 * @param maxBytes at most so many bytes of keys, values and headers, but always one record
 * @param maxWait how long to wait for a first record
 */
record GroupReadRequest(OptionalLong epoch, @Nullable String cursor, int limit, int maxBytes, Duration maxWait) {

    private static final Set<String> NAMES = Set.of("wait", "limit", "max_bytes", "cursor", "epoch");

    /** @throws HubException {@link io.millrace.event.HubError#INVALID_REQUEST} */
    static GroupReadRequest of(ServerHttpRequest request) {
        QueryParameters query = QueryParameters.of(request, NAMES);
        return new GroupReadRequest(
                query.number("epoch", 0, Long.MAX_VALUE),
                query.text("cursor").orElse(null),
                (int) query.number("limit", 1, ReadRequest.MAX_LIMIT).orElse(ReadRequest.DEFAULT_LIMIT),
                (int) query.number("max_bytes", 1, ReadRequest.MAX_BYTES).orElse(ReadRequest.DEFAULT_BYTES),
                query.duration("wait", ReadRequest.MAX_WAIT));
    }
}
