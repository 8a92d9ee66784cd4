package io.millrace.rest;

import io.millrace.apidocs.Refuses;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.http.Blocking;
import io.millrace.http.BodyTypes;
import io.millrace.http.RequestBodies;
import io.millrace.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows, moves and deletes consumer groups, for operators. */
@RestController
@RequestMapping("/v1/groups")
@Tag(name = "Groups")
class GroupController {

    private final GroupAdmin groups;
    private final RequestBodies bodies;

    GroupController(GroupAdmin groups, RequestBodies bodies) {
        this.groups = groups;
        this.bodies = bodies;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listGroups", summary = "List consumer groups in the order of their names")
    @PageParameters
    Mono<GroupViews.ListView> list(Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters query = QueryParameters.of(request, Set.of("prefix", "limit", "after"));
        int limit = query.limit();
        String prefix = query.text("prefix").orElse("");
        String after = query.text("after").orElse(null);
        return Blocking.call(() -> GroupViews.of(groups.list(caller, prefix, limit, after)));
    }

    @GetMapping(path = "/{group}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses(HubError.UNKNOWN_GROUP)
    @Operation(operationId = "describeGroup", summary = "Describe a group: its members, offsets and lag")
    Mono<GroupViews.GroupView> describe(
            @Parameter(example = "billing") @PathVariable String group,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> GroupViews.of(groups.describe(caller, group)));
    }

    @DeleteMapping(path = "/{group}")
    @Refuses({HubError.UNKNOWN_GROUP, HubError.GROUP_NOT_EMPTY})
    @Operation(
            operationId = "deleteGroup",
            summary = "Delete a group that has no members, with its offsets",
            responses = @ApiResponse(responseCode = "204", description = "Deleted"))
    Mono<ResponseEntity<Void>> delete(
            @Parameter(example = "billing") @PathVariable String group,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> {
            groups.delete(caller, group);
            return ResponseEntity.noContent().build();
        });
    }

    @GetMapping(path = "/{group}/offsets", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses(HubError.UNKNOWN_GROUP)
    @Operation(operationId = "groupOffsets", summary = "Show a group's offsets and lag")
    Mono<GroupViews.OffsetsView> offsets(
            @Parameter(example = "billing") @PathVariable String group,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> GroupViews.offsets(groups.describe(caller, group)));
    }

    @PatchMapping(path = "/{group}/offsets", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses(HubError.UNKNOWN_GROUP)
    @Operation(
            operationId = "resetGroupOffsets",
            summary = "Move a group to other offsets",
            description = "The only way to move a group back. Its members may keep running: they are assigned the"
                    + " partitions anew, at the new offsets, and their commits for records received before the"
                    + " move are refused. With dry_run=true nothing is changed.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = GroupViews.ResetRequest.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "to the start of one topic",
                                                            value = "{\"to\":\"earliest\",\"topics\":[\"flights\"]}"))))
    @Parameter(
            name = "dry_run",
            in = ParameterIn.QUERY,
            description = "Whether to show only what would be moved",
            schema = @Schema(type = "boolean", defaultValue = "false"))
    Mono<GroupViews.ResetView> reset(
            @Parameter(example = "billing") @PathVariable String group,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        boolean dryRun = dryRun(QueryParameters.of(request, Set.of("dry_run")));
        return bodies.call(request, BodyTypes.JSON, bytes -> {
            GroupBodies.Reset reset = GroupBodies.reset(bytes);
            return () -> GroupViews.of(group, dryRun, groups.reset(caller, group, reset.scope(), reset.to(), dryRun));
        });
    }

    /** @throws HubException {@link io.millrace.event.HubError#INVALID_REQUEST} unless it is true or false */
    private static boolean dryRun(QueryParameters query) {
        return switch (query.text("dry_run").orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw QueryParameters.invalid("dry_run", "wrong_type", "dry_run must be true or false");
        };
    }
}
