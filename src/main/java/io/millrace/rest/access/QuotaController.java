package io.millrace.rest.access;

import io.millrace.access.Quota;
import io.millrace.access.QuotaAdmin;
import io.millrace.access.QuotaStore;
import io.millrace.apidocs.Refuses;
import io.millrace.edge.JsonFields;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.http.Blocking;
import io.millrace.http.BodyTypes;
import io.millrace.http.RequestBodies;
import io.millrace.security.Caller;
import io.millrace.security.Quotas.Kind;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Quotas of users. */
@RestController
@RequestMapping("/v1/quotas")
@Tag(name = "Access")
class QuotaController {

    private static final Set<String> FIELDS =
            Arrays.stream(Kind.values()).map(QuotaStore::field).collect(Collectors.toUnmodifiableSet());

    private final QuotaAdmin quotas;
    private final RequestBodies bodies;

    QuotaController(QuotaAdmin quotas, RequestBodies bodies) {
        this.quotas = quotas;
        this.bodies = bodies;
    }

    @PutMapping(path = "/{principal}")
    @Operation(
            operationId = "setQuota",
            summary = "Set how much a user may do in a second, instead of what it had",
            description = "Each node counts by itself. User:* is each user that has no quota of its own.",
            responses = {
                @ApiResponse(responseCode = "201", description = "The user had no quota before"),
                @ApiResponse(responseCode = "204", description = "The user had another quota before")
            },
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AccessViews.QuotaRequest.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "a thousand requests",
                                                            value = "{\"requests_per_second\":1000}"))))
    Mono<ResponseEntity<Void>> set(
            @Parameter(example = "User:billing") @PathVariable String principal,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return bodies.call(request, BodyTypes.JSON, bytes -> {
            JsonFields body = JsonFields.parse(bytes, FIELDS);
            Map<Kind, Long> perSecond = new EnumMap<>(Kind.class);
            for (Kind kind : Kind.values()) {
                body.number(QuotaStore.field(kind), 1, Quota.MOST).ifPresent(value -> perSecond.put(kind, value));
            }
            return () -> ResponseEntity.status(
                            quotas.set(caller, principal, perSecond) ? HttpStatus.CREATED : HttpStatus.NO_CONTENT)
                    .build();
        });
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listQuotas", summary = "List quotas by principal")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "At most this many",
            schema =
                    @Schema(
                            type = "integer",
                            minimum = "1",
                            maximum = "" + QueryParameters.MAX_LIMIT,
                            defaultValue = "" + QueryParameters.DEFAULT_LIMIT))
    @Parameter(
            name = "after",
            in = ParameterIn.QUERY,
            description = "The last principal of the previous page",
            schema = @Schema(type = "string"))
    Mono<AccessViews.QuotasView> list(Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters query = QueryParameters.of(request, Set.of("limit", "after"));
        int limit = query.limit();
        String after = query.text("after").orElse("");
        return Blocking.call(() -> AccessViews.quotas(quotas.list(caller, after, limit)));
    }

    @DeleteMapping(path = "/{principal}")
    @Refuses(HubError.UNKNOWN_QUOTA)
    @Operation(
            operationId = "removeQuota",
            summary = "Remove a user's quota",
            responses = @ApiResponse(responseCode = "204", description = "Removed"))
    Mono<ResponseEntity<Void>> remove(
            @Parameter(example = "User:billing") @PathVariable String principal,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> {
            quotas.remove(caller, principal);
            return ResponseEntity.noContent().build();
        });
    }
}
