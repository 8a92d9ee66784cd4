package io.millrace.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The OpenAPI description of producing. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Operation(
        operationId = "produce",
        summary = "Produce records",
        description =
                "A JSON request is stored whole or not at all. NDJSON, one record per line, may be of any length and"
                        + " is stored in chunks; if it fails, the problem's records_stored says how many records are"
                        + " stored. Text and binary types, such as application/octet-stream, image/png or"
                        + " application/protobuf, are one record's value, its key in Hub-Key and its headers in"
                        + " Hub-Header-<name>. Other types are refused with the list of accepted ones.",
        parameters = {
            @Parameter(
                    name = RawRecord.KEY,
                    in = ParameterIn.HEADER,
                    description = "The record's key, if the body is its value",
                    schema = @Schema(type = "string")),
            @Parameter(
                    name = "acks",
                    in = ParameterIn.QUERY,
                    description = "0: answered before the records are stored; 1: when the primary has flushed them;"
                            + " all: when every synchronous standby has, too",
                    schema =
                            @Schema(
                                    type = "string",
                                    allowableValues = {"0", "1", "all"},
                                    defaultValue = "1"))
        },
        requestBody =
                @RequestBody(
                        required = true,
                        content = {
                            @Content(
                                    mediaType = "application/json",
                                    schema = @Schema(implementation = RecordViews.ProduceRequest.class),
                                    examples =
                                            @ExampleObject(
                                                    name = "two records",
                                                    value = "{\"records\":[{\"key\":\"DTW\",\"value\":{\"delay\":66}},"
                                                            + "{\"value\":\"without a key\"}]}")),
                            @Content(
                                    mediaType = "application/x-ndjson",
                                    schema = @Schema(type = "string"),
                                    examples =
                                            @ExampleObject(
                                                    name = "two lines",
                                                    description = "Swagger UI shows them as one JSON string: replace it"
                                                            + " with the lines themselves",
                                                    value = "{\"key\":\"DTW\",\"value\":{\"delay\":66}}\n"
                                                            + "{\"value\":1}\n")),
                            @Content(
                                    mediaType = "text/plain",
                                    schema = @Schema(type = "string"),
                                    examples = @ExampleObject(name = "text", value = "gate closes")),
                            @Content(mediaType = "application/ndjson", schema = @Schema(type = "string")),
                            @Content(mediaType = "application/jsonl", schema = @Schema(type = "string")),
                            @Content(mediaType = "application/x-jsonl", schema = @Schema(type = "string")),
                            @Content(mediaType = "application/jsonlines", schema = @Schema(type = "string")),
                            @Content(mediaType = "application/x-jsonlines", schema = @Schema(type = "string")),
                            @Content(
                                    mediaType = "application/octet-stream",
                                    schema = @Schema(type = "string", format = "binary")),
                            @Content(mediaType = "image/*", schema = @Schema(type = "string", format = "binary")),
                            @Content(mediaType = "audio/*", schema = @Schema(type = "string", format = "binary")),
                            @Content(mediaType = "video/*", schema = @Schema(type = "string", format = "binary")),
                            @Content(mediaType = "font/*", schema = @Schema(type = "string", format = "binary")),
                            @Content(mediaType = "model/*", schema = @Schema(type = "string", format = "binary")),
                            @Content(mediaType = "application/*", schema = @Schema(type = "string", format = "binary"))
                        }),
        responses = {
            @ApiResponse(
                    responseCode = "200",
                    description = "Stored",
                    content =
                            @Content(
                                    mediaType = "application/json",
                                    schema = @Schema(implementation = RecordViews.ProduceResult.class))),
            @ApiResponse(
                    responseCode = "202",
                    description = "Accepted, with acks=0",
                    content =
                            @Content(
                                    mediaType = "application/json",
                                    schema = @Schema(implementation = RecordViews.Accepted.class)))
        })
@interface ProduceOperation {}
