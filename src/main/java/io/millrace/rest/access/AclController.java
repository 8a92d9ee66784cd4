package io.millrace.rest.access;

import io.millrace.access.Acl;
import io.millrace.access.AclAdmin;
import io.millrace.access.AclStore;
import io.millrace.apidocs.Refuses;
import io.millrace.edge.JsonFields;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.event.RequestFields;
import io.millrace.http.Blocking;
import io.millrace.http.BodyTypes;
import io.millrace.http.RequestBodies;
import io.millrace.security.Caller;
import io.millrace.security.Permission.Resource;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
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

/** Rules of access. */
@RestController
@RequestMapping("/v1/acls")
@Tag(name = "Access")
class AclController {

    private static final Set<String> FIELDS =
            Set.of("principal", "permission", "operation", "resource_type", "pattern_type", "resource_name");

    private final AclAdmin acls;
    private final RequestBodies bodies;

    AclController(AclAdmin acls, RequestBodies bodies) {
        this.acls = acls;
        this.bodies = bodies;
    }

    @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "addAcl",
            summary = "Add a rule",
            responses = {
                @ApiResponse(responseCode = "201", description = "Added", useReturnTypeSchema = true),
                @ApiResponse(
                        responseCode = "200",
                        description = "There was a rule that says the same",
                        useReturnTypeSchema = true)
            },
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = AccessViews.AclRequest.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "read a topic",
                                                            value =
                                                                    "{\"principal\":\"User:billing\",\"operation\":\"read\","
                                                                        + "\"resource_type\":\"topic\","
                                                                        + "\"resource_name\":\"flights\"}"))))
    Mono<ResponseEntity<AccessViews.AclView>> add(Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return bodies.call(request, BodyTypes.JSON, bytes -> {
            Acl.Rule rule = rule(JsonFields.parse(bytes, FIELDS));
            return () -> {
                AclAdmin.Added added = acls.add(caller, rule);
                return ResponseEntity.status(added.added() ? HttpStatus.CREATED : HttpStatus.OK)
                        .body(AccessViews.of(added.acl()));
            };
        });
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listAcls", summary = "List rules in the order in which they were added")
    @Parameter(
            name = "principal",
            in = ParameterIn.QUERY,
            description = "Only this one's",
            schema = @Schema(type = "string"))
    @Parameter(
            name = "resource_type",
            in = ParameterIn.QUERY,
            description = "Only for these resources",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"topic", "group", "cluster"}))
    @Parameter(
            name = "resource_name",
            in = ParameterIn.QUERY,
            description = "As it stands in the rule",
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
            description = "The last rule of the previous page",
            schema = @Schema(type = "integer", format = "int64", minimum = "0"))
    Mono<AccessViews.AclsView> list(Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters query =
                QueryParameters.of(request, Set.of("principal", "resource_type", "resource_name", "limit", "after"));
        int limit = query.limit();
        long after = query.number("after", 0, Long.MAX_VALUE).orElse(0);
        AclStore.Filter filter = new AclStore.Filter(
                query.text("principal").orElse(null),
                choice(query, "resource_type", Resource.class).orElse(null),
                query.text("resource_name").orElse(null));
        return Blocking.call(() -> AccessViews.of(acls.list(caller, filter, after, limit)));
    }

    @DeleteMapping(path = "/{acl}")
    @Refuses(HubError.UNKNOWN_ACL)
    @Operation(
            operationId = "removeAcl",
            summary = "Remove a rule",
            responses = @ApiResponse(responseCode = "204", description = "Removed"))
    Mono<ResponseEntity<Void>> remove(
            @Parameter(example = "1", schema = @Schema(type = "integer", format = "int64", minimum = "1")) @PathVariable
                    long acl,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> {
            acls.remove(caller, acl);
            return ResponseEntity.noContent().build();
        });
    }

    private static Acl.Rule rule(JsonFields body) {
        return new Acl.Rule(
                body.requiredText("principal"),
                choice(body, "permission", Acl.Effect.class).orElse(Acl.Effect.ALLOW),
                required(body, "operation", Acl.RuleOperation.class),
                required(body, "resource_type", Resource.class),
                choice(body, "pattern_type", Acl.Pattern.class).orElse(Acl.Pattern.LITERAL),
                body.requiredText("resource_name"));
    }

    private static <E extends Enum<E>> E required(RequestFields fields, String name, Class<E> type) {
        return choice(fields, name, type).orElseThrow(() -> fields.required(name));
    }

    private static <E extends Enum<E>> Optional<E> choice(RequestFields fields, String name, Class<E> type) {
        return fields.text(name).map(text -> Arrays.stream(type.getEnumConstants())
                .filter(value -> Acl.code(value).equals(text))
                .findFirst()
                .orElseThrow(() -> fields.refusal(name, "invalid_" + name, name + " is one of " + codes(type))));
    }

    private static String codes(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(Acl::code).collect(Collectors.joining(", "));
    }
}
