package io.millrace.stream.sse;

import io.millrace.http.Callers;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Group members by server-sent events in the OpenAPI document; {@code openapi/asyncapi.yaml} describes their data. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Operation(
        operationId = "followAsMember",
        summary = "Join a consumer group and receive its records by server-sent events",
        description = "The stream is a member while it is connected. Events of type control say which partitions were"
                + " assigned, with the member_id to commit by, and which were revoked. Events of type record have no"
                + " id: a client that reconnects joins again, at the group's committed offsets.",
        parameters = {
            @Parameter(
                    name = "topics",
                    in = ParameterIn.QUERY,
                    required = true,
                    description = "Comma-separated names; * stands for any characters",
                    schema = @Schema(type = "string"),
                    example = "flights"),
            @Parameter(
                    name = "from",
                    in = ParameterIn.QUERY,
                    description =
                            "Where the group begins in partitions for which it has no offset, and where the member"
                                    + " continues in those whose next record has expired: earliest, latest or a"
                                    + " timestamp in milliseconds since 1970; committed means latest",
                    schema = @Schema(type = "string", defaultValue = "committed")),
            @Parameter(
                    name = "commit",
                    in = ParameterIn.QUERY,
                    description =
                            "manual: the client commits by POST …/offsets (at least once); auto: the hub commits before"
                                    + " it sends (at most once), and Accept must name text/event-stream",
                    schema =
                            @Schema(
                                    type = "string",
                                    allowableValues = {"manual", "auto"},
                                    defaultValue = "manual")),
            @Parameter(
                    name = "instance_id",
                    in = ParameterIn.QUERY,
                    description = "Makes the member static: it keeps its partitions over a restart",
                    schema = @Schema(type = "string")),
            @Parameter(
                    name = "session_timeout_ms",
                    in = ParameterIn.QUERY,
                    description = "How long a static member may be away",
                    schema = @Schema(type = "integer", format = "int32", minimum = "1")),
            @Parameter(
                    name = Callers.TICKET,
                    in = ParameterIn.QUERY,
                    description = "Instead of the header Authorization, which browsers' EventSource cannot send: one of"
                            + " POST /v1/tickets",
                    schema = @Schema(type = "string")),
            @Parameter(
                    name = "assignor",
                    in = ParameterIn.QUERY,
                    description = "Used if the group has no members yet",
                    schema =
                            @Schema(
                                    type = "string",
                                    allowableValues = {"sticky", "range", "round_robin"},
                                    defaultValue = "sticky"))
        },
        responses =
                @ApiResponse(
                        responseCode = "200",
                        description = "Events until the client disconnects",
                        content = @Content(mediaType = "text/event-stream", schema = @Schema(type = "string"))))
@interface GroupStreamOperation {}
