package io.millrace.stream.sse;

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

/**
 * What the OpenAPI document says about members of groups by server-sent events; their data is described in
 * {@code openapi/asyncapi.yaml}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Operation(
        operationId = "followAsMember",
        summary = "Join a consumer group and receive its records by server-sent events",
        description = "The stream is a member for as long as it is connected. Events of the type control say which"
                + " partitions were assigned, with the member_id to commit by, and which were revoked. Events of"
                + " the type record have no id: a client that connects again joins again, where the group has"
                + " committed.",
        parameters = {
            @Parameter(
                    name = "topics",
                    in = ParameterIn.QUERY,
                    required = true,
                    description = "Names with commas between them; * stands for any characters",
                    schema = @Schema(type = "string"),
                    example = "flights"),
            @Parameter(
                    name = "from",
                    in = ParameterIn.QUERY,
                    description =
                            "Where the group begins in partitions for which it has no offset: earliest, latest or a"
                                    + " timestamp in milliseconds since 1970; committed is latest",
                    schema = @Schema(type = "string", defaultValue = "committed")),
            @Parameter(
                    name = "commit",
                    in = ParameterIn.QUERY,
                    description =
                            "manual: commit what has been processed by POST …/offsets (at least once); auto: committed"
                                    + " before it is sent (at most once), if Accept names text/event-stream",
                    schema =
                            @Schema(
                                    type = "string",
                                    allowableValues = {"manual", "auto"},
                                    defaultValue = "manual")),
            @Parameter(
                    name = "instance_id",
                    in = ParameterIn.QUERY,
                    description = "Of a static member, which keeps its partitions over a restart",
                    schema = @Schema(type = "string")),
            @Parameter(
                    name = "session_timeout_ms",
                    in = ParameterIn.QUERY,
                    description = "How long a static member may be away",
                    schema = @Schema(type = "integer", format = "int32", minimum = "1")),
            @Parameter(
                    name = "assignor",
                    in = ParameterIn.QUERY,
                    description = "If the group has no members yet",
                    schema =
                            @Schema(
                                    type = "string",
                                    allowableValues = {"sticky", "range", "round_robin"},
                                    defaultValue = "sticky"))
        },
        responses =
                @ApiResponse(
                        responseCode = "200",
                        description = "Events until the client goes away",
                        content = @Content(mediaType = "text/event-stream", schema = @Schema(type = "string"))))
@interface GroupStreamOperation {}
