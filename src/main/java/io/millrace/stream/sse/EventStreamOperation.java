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

/** Server-sent events in the OpenAPI document; {@code openapi/asyncapi.yaml} describes their data. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Operation(
        operationId = "followTopic",
        summary = "Follow a topic by server-sent events",
        description =
                "Events of type record carry a record and, as their id, a cursor over all partitions: sent back as"
                    + " Last-Event-ID it resumes the stream exactly. Events of type control say where the stream"
                    + " begins, that it had to skip records, and why it ends. Use curl -N or an EventSource: a client"
                    + " that waits for the end of the response shows nothing.",
        parameters = {
            @Parameter(
                    name = "from",
                    in = ParameterIn.QUERY,
                    description = "earliest, latest or a timestamp in milliseconds since 1970",
                    schema = @Schema(type = "string", defaultValue = "latest")),
            @Parameter(
                    name = "partitions",
                    in = ParameterIn.QUERY,
                    description = "Only these, comma-separated: 0,2",
                    schema = @Schema(type = "string")),
            @Parameter(
                    name = "on_gap",
                    in = ParameterIn.QUERY,
                    description =
                            "If the cursor's records are gone: continue where possible and say so, or fail with 410",
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
                    name = Callers.TICKET,
                    in = ParameterIn.QUERY,
                    description = "Instead of the header Authorization, which browsers' EventSource cannot send: one of"
                            + " POST /v1/tickets",
                    schema = @Schema(type = "string")),
            @Parameter(
                    name = "Last-Event-ID",
                    in = ParameterIn.HEADER,
                    description = "The id of the last event received",
                    schema = @Schema(type = "string"))
        },
        responses =
                @ApiResponse(
                        responseCode = "200",
                        description = "Events until the client disconnects",
                        content = @Content(mediaType = "text/event-stream", schema = @Schema(type = "string"))))
@interface EventStreamOperation {}
