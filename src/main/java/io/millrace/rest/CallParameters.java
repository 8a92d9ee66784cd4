package io.millrace.rest;

import io.millrace.consume.CallTerms;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubException;
import java.util.Set;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** The query parameters of a member's read. */
final class CallParameters {

    private static final Set<String> NAMES = Set.of("wait", "limit", "max_bytes", "cursor", "epoch");

    private CallParameters() {}

    /** @throws HubException {@link io.millrace.event.HubError#INVALID_REQUEST} */
    static CallTerms of(ServerHttpRequest request) {
        QueryParameters query = QueryParameters.of(request, NAMES);
        return new CallTerms(
                query.number("epoch", 0, Long.MAX_VALUE),
                query.text("cursor").orElse(null),
                (int) query.number("limit", 1, ReadRequest.MAX_LIMIT).orElse(ReadRequest.DEFAULT_LIMIT),
                (int) query.number("max_bytes", 1, ReadRequest.MAX_BYTES).orElse(ReadRequest.DEFAULT_BYTES),
                query.duration("wait", ReadRequest.MAX_WAIT));
    }
}
