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
 * What the OpenAPI document says about server-sent events; their data is described in {@code openapi/asyncapi.yaml}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Operation(
        operationId = "followTopic",
        summary = "Follow a topic by server-sent events",
        description =
                "Events of the type record carry a record and, as their id, a cursor over all partitions: sent back as"
                    + " Last-Event-ID it resumes the stream exactly. Events of the type control say where the stream"
                    + " begins, that it had to skip, and why it ends. Follow it with curl -N or an EventSource: a page"
                    + " that waits for the end of an answer shows nothing.",
        parameters = {
            @Parameter(
                    name = "from",
                    in = ParameterIn.QUERY,
                    description = "earliest, latest or a timestamp in milliseconds since 1970",
                    schema = @Schema(type = "string", defaultValue = "latest")),
            @Parameter(
                    name = "partitions",
                    in = ParameterIn.QUERY,
                    description = "Only these, with commas between them: 0,2",
                    schema = @Schema(type = "string")),
            @Parameter(
                    name = "on_gap",
                    in = ParameterIn.QUERY,
                    description = "When the cursor's records are gone: go on where it can and say so, or fail with 410",
                    schema =
                            @Schema(
                                    type = "string",
                                    allowableValues = {"reset", "fail"},
                                    defaultValue = "reset")),
            @Parameter(
                    name = "cursor",
                    in = ParameterIn.QUERY,
                    description = "For clients that cannot send Last-Event-ID",
                    schema = @Schema(type = "string")),
            @Parameter(
                    name = "Last-Event-ID",
                    in = ParameterIn.HEADER,
                    description = "The id of the last event that was received",
                    schema = @Schema(type = "string"))
        },
        responses =
                @ApiResponse(
                        responseCode = "200",
                        description = "Events until the client goes away",
                        content = @Content(mediaType = "text/event-stream", schema = @Schema(type = "string"))))
@interface EventStreamOperation {}
