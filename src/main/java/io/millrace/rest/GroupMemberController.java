package io.millrace.rest;

import io.millrace.apidocs.Refuses;
import io.millrace.budget.Hold;
import io.millrace.connection.Connections;
import io.millrace.connection.Shares;
import io.millrace.consume.CallTerms;
import io.millrace.consume.MemberCall;
import io.millrace.consume.MemberCalls;
import io.millrace.consume.Members;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.event.Place;
import io.millrace.group.GroupName;
import io.millrace.group.JoinRequest;
import io.millrace.group.Joined;
import io.millrace.http.Blocking;
import io.millrace.http.BodyTypes;
import io.millrace.http.RequestBodies;
import io.millrace.json.JsonBuffer;
import io.millrace.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.OptionalLong;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Lets members without a connection take part in groups. Any node answers any call. */
@RestController
@RequestMapping("/v1/groups/{group}/members")
@Tag(name = "Group members")
class GroupMemberController {

    private final Members members;
    private final MemberCalls calls;
    private final RequestBodies bodies;
    private final Shares shares;

    GroupMemberController(Members members, MemberCalls calls, RequestBodies bodies, Shares shares) {
        this.members = members;
        this.calls = calls;
        this.bodies = bodies;
        this.shares = shares;
    }

    @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({HubError.UNKNOWN_TOPIC, HubError.INCONSISTENT_ASSIGNOR})
    @Operation(
            operationId = "joinGroup",
            summary = "Join a group",
            description = "A group that does not exist is created. Records produced from now on are not missed, however"
                    + " late the member begins to read. The answer may hold no partitions: other members may"
                    + " own them, or have to give them up first.",
            responses =
                    @ApiResponse(
                            responseCode = "201",
                            description = "Joined",
                            headers = @Header(name = "Location", required = true, schema = @Schema(type = "string")),
                            useReturnTypeSchema = true),
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = MemberViews.JoinRequestView.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "from the beginning",
                                                            value =
                                                                    "{\"topics\":[\"flights\"],\"from\":\"earliest\",\"session_timeout_ms\":1800000}"))))
    Mono<ResponseEntity<MemberViews.JoinedView>> join(
            @Parameter(example = "billing") @PathVariable String group,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        GroupName.check(group, new Place.Parameter("group"));
        return bodies.call(request, BodyTypes.JSON, bytes -> {
            JoinRequest join = GroupBodies.join(group, bytes);
            return () -> {
                Joined joined = members.join(caller, join);
                return ResponseEntity.created(URI.create("/v1/groups/" + group + "/members/"
                                + joined.assignment().memberId()))
                        .body(MemberViews.of(group, joined));
            };
        });
    }

    @GetMapping(path = "/{member}/records", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({HubError.STALE_MEMBER_EPOCH, HubError.MEMBER_FENCED, HubError.UNKNOWN_GROUP, HubError.CURSOR_EXPIRED})
    @GroupReadOperation
    Mono<Void> records(
            @Parameter(example = "billing") @PathVariable String group,
            @Parameter(description = "member_id from the answer to the join") @PathVariable String member,
            Caller caller,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        CallTerms terms = CallParameters.of(exchange.getRequest());
        ServerHttpResponse response = exchange.getResponse();
        AnswerMemory memory = new AnswerMemory(shares.of(Connections.of(response)));
        return Blocking.call(() -> read(caller, group, member, terms, memory))
                .flatMap(json -> RecordsJson.answer(response, json))
                .doFinally(_ -> memory.close());
    }

    private JsonBuffer read(Caller caller, String group, String member, CallTerms terms, AnswerMemory memory)
            throws InterruptedException {
        try (Hold batches = memory.batches()) {
            MemberCall call = calls.read(caller, group, member, terms, batches);
            return MemberAnswer.json(group, call, calls.cursorAfter(call), memory, batches);
        }
    }

    @PostMapping(path = "/{member}/offsets", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({
        HubError.UNKNOWN_TOPIC,
        HubError.UNKNOWN_PARTITION,
        HubError.STALE_MEMBER_EPOCH,
        HubError.MEMBER_FENCED,
        HubError.UNKNOWN_GROUP
    })
    @Operation(
            operationId = "commitOffsets",
            summary = "Commit a member's offsets",
            description =
                    "All offsets or none: if another member owns one of the partitions by now, nothing is committed."
                            + " An offset below the committed one changes nothing. A commit does not extend the"
                            + " session; reads and heartbeats do.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = MemberViews.CommitRequest.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "one partition",
                                                            value =
                                                                    "{\"offsets\":[{\"topic\":\"flights\",\"partition\":0,\"next_offset\":1}]}"))))
    Mono<MemberViews.CommittedView> commit(
            @Parameter(example = "billing") @PathVariable String group,
            @Parameter(description = "member_id from the answer to the join") @PathVariable String member,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return bodies.call(request, BodyTypes.JSON, bytes -> {
            GroupBodies.Commit commit = GroupBodies.commit(bytes);
            return () -> new MemberViews.CommittedView(
                    group, member, members.commit(caller, group, member, commit.epoch(), commit.offsets()));
        });
    }

    @PostMapping(path = "/{member}/heartbeat", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({HubError.STALE_MEMBER_EPOCH, HubError.MEMBER_FENCED, HubError.UNKNOWN_GROUP})
    @Operation(
            operationId = "heartbeat",
            summary = "Extend the session without reading",
            description = "Also releases the partitions that an earlier answer listed as revoking: the answer with the"
                    + " given epoch, or else the last one.",
            requestBody =
                    @RequestBody(
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = MemberViews.HeartbeatRequest.class),
                                            examples = @ExampleObject(name = "the last answer", value = "{}"))))
    Mono<MemberViews.HeartbeatView> heartbeat(
            @Parameter(example = "billing") @PathVariable String group,
            @Parameter(description = "member_id from the answer to the join") @PathVariable String member,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return bodies.readIfThere(request, BodyTypes.JSON).flatMap(bytes -> {
            OptionalLong epoch = GroupBodies.heartbeat(bytes);
            return Blocking.call(() -> MemberViews.of(members.heartbeat(caller, group, member, epoch)));
        });
    }

    @DeleteMapping(path = "/{member}")
    @Refuses({HubError.MEMBER_FENCED, HubError.UNKNOWN_GROUP})
    @Operation(
            operationId = "leaveGroup",
            summary = "Leave a group",
            description =
                    "The member's partitions are free for other members at once. Removes members of any protocol.",
            responses = @ApiResponse(responseCode = "204", description = "Left"))
    Mono<ResponseEntity<Void>> leave(
            @Parameter(example = "billing") @PathVariable String group,
            @Parameter(description = "member_id from the answer to the join") @PathVariable String member,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> {
            members.leave(caller, group, member);
            return ResponseEntity.noContent().build();
        });
    }
}
