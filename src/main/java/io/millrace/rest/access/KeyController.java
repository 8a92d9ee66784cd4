package io.millrace.rest.access;

import io.millrace.access.KeyAdmin;
import io.millrace.access.NewKey;
import io.millrace.apidocs.Refuses;
import io.millrace.edge.JsonFields;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.http.Blocking;
import io.millrace.http.BodyTypes;
import io.millrace.http.RequestBodies;
import io.millrace.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** API keys. */
@RestController
@RequestMapping("/v1/keys")
@Tag(name = "Access")
class KeyController {

    private static final long LEAST_LIFETIME_MS = 1000;
    private static final long LONGEST_MS = Duration.ofDays(36_500).toMillis();
    private static final long OVERLAP_MS = Duration.ofDays(1).toMillis();

    private final KeyAdmin keys;
    private final RequestBodies bodies;

    KeyController(KeyAdmin keys, RequestBodies bodies) {
        this.keys = keys;
        this.bodies = bodies;
    }

    @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "createKey",
            summary = "Create an API key",
            responses =
                    @ApiResponse(
                            responseCode = "201",
                            description = "Created; the only answer that has the key itself",
                            headers = @Header(name = "Location", required = true, schema = @Schema(type = "string")),
                            useReturnTypeSchema = true),
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AccessViews.KeyRequest.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "for a service",
                                                            value = "{\"principal\":\"User:billing\"}"))))
    Mono<ResponseEntity<AccessViews.NewKeyView>> create(
            Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return bodies.call(request, BodyTypes.JSON, bytes -> {
            JsonFields body = JsonFields.parse(bytes, Set.of("principal", "description", "expires_in_ms"));
            String principal = body.requiredText("principal");
            String description = body.text("description").orElse(null);
            Duration lifetime = lifetime(body);
            return () -> created(keys.create(caller, principal, description, lifetime));
        });
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listKeys", summary = "List API keys, also those that are no longer accepted")
    @Parameter(
            name = "principal",
            in = ParameterIn.QUERY,
            description = "Only this one's",
            schema = @Schema(type = "string"))
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
            description = "The last key of the previous page",
            schema = @Schema(type = "string"))
    Mono<AccessViews.KeysView> list(Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters query = QueryParameters.of(request, Set.of("principal", "limit", "after"));
        int limit = query.limit();
        String principal = query.text("principal").orElse(null);
        String after = query.text("after").orElse("");
        return Blocking.call(() -> AccessViews.keys(keys.list(caller, principal, after, limit)));
    }

    @GetMapping(path = "/{key}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses(HubError.UNKNOWN_KEY)
    @Operation(operationId = "describeKey", summary = "Describe an API key")
    Mono<AccessViews.KeyView> describe(
            @Parameter(example = "4k2v9q0x7b1m") @PathVariable String key,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> AccessViews.of(keys.describe(caller, key)));
    }

    @PostMapping(path = "/{key}/rotation", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses(HubError.UNKNOWN_KEY)
    @Operation(
            operationId = "rotateKey",
            summary = "Create another key for the same principal, and let the old one expire",
            description = "Whoever presents a key may rotate it.",
            responses =
                    @ApiResponse(
                            responseCode = "201",
                            description = "Created; the only answer that has the key itself",
                            headers = @Header(name = "Location", required = true, schema = @Schema(type = "string")),
                            useReturnTypeSchema = true),
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AccessViews.RotationRequest.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "an hour for both",
                                                            value = "{\"overlap_ms\":3600000}"))))
    Mono<ResponseEntity<AccessViews.NewKeyView>> rotate(
            @Parameter(example = "4k2v9q0x7b1m") @PathVariable String key,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return bodies.readIfThere(request, BodyTypes.JSON).flatMap(bytes -> {
            JsonFields body = JsonFields.parse(
                    bytes.length == 0 ? new byte[] {'{', '}'} : bytes, Set.of("overlap_ms", "expires_in_ms"));
            Duration overlap =
                    Duration.ofMillis(body.number("overlap_ms", 0, LONGEST_MS).orElse(OVERLAP_MS));
            Duration lifetime = lifetime(body);
            return Blocking.call(() -> created(keys.rotate(caller, key, overlap, lifetime)));
        });
    }

    @DeleteMapping(path = "/{key}")
    @Refuses(HubError.UNKNOWN_KEY)
    @Operation(
            operationId = "revokeKey",
            summary = "Revoke an API key, and end the streams that were opened with it",
            responses = @ApiResponse(responseCode = "204", description = "Revoked"))
    Mono<ResponseEntity<Void>> revoke(
            @Parameter(example = "4k2v9q0x7b1m") @PathVariable String key,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> {
            keys.revoke(caller, key);
            return ResponseEntity.noContent().build();
        });
    }

    private static @Nullable Duration lifetime(JsonFields body) {
        var millis = body.number("expires_in_ms", LEAST_LIFETIME_MS, LONGEST_MS);
        return millis.isEmpty() ? null : Duration.ofMillis(millis.getAsLong());
    }

    private static ResponseEntity<AccessViews.NewKeyView> created(NewKey key) {
        return ResponseEntity.created(URI.create("/v1/keys/" + key.about().id()))
                .cacheControl(CacheControl.noStore())
                .body(AccessViews.of(key));
    }
}
