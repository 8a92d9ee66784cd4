package io.millrace.rest;

import io.millrace.edge.QueryParameters;
import io.millrace.event.StartPosition;
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

/** The OpenAPI description of reading a partition. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Operation(
        operationId = "readPartition",
        summary = "Read a partition without a group",
        description = "From an offset, a timestamp or the start. With Accept: application/x-ndjson the records are"
                + " streamed, one per line, up to the limit or the partition's current end.",
        parameters = {
            @Parameter(
                    name = "offset",
                    in = ParameterIn.QUERY,
                    description = "The next offset to read",
                    schema = @Schema(type = "integer", format = "int64", minimum = "0")),
            @Parameter(
                    name = "timestamp",
                    in = ParameterIn.QUERY,
                    description = "Instead of offset: the first record not older than this, in milliseconds since 1970",
                    schema =
                            @Schema(
                                    type = "integer",
                                    format = "int64",
                                    minimum = "0",
                                    maximum = "" + StartPosition.MAX_TIMESTAMP)),
            @Parameter(
                    name = "limit",
                    in = ParameterIn.QUERY,
                    description = "At most this many records: a page has up to " + ReadRequest.MAX_LIMIT
                            + ", NDJSON any number",
                    schema =
                            @Schema(
                                    type = "integer",
                                    format = "int32",
                                    defaultValue = "" + ReadRequest.DEFAULT_LIMIT,
                                    minimum = "1",
                                    maximum = "" + Integer.MAX_VALUE)),
            @Parameter(
                    name = "max_bytes",
                    in = ParameterIn.QUERY,
                    description = "At most this many bytes of keys, values and headers; one record is always read",
                    schema =
                            @Schema(
                                    type = "integer",
                                    defaultValue = "" + ReadRequest.DEFAULT_BYTES,
                                    minimum = "1",
                                    maximum = "" + ReadRequest.MAX_BYTES)),
            @Parameter(
                    name = "wait",
                    in = ParameterIn.QUERY,
                    description =
                            "How long to wait for a record at the end of the partition, at most 1m: 500ms, 20s, 1m",
                    schema = @Schema(type = "string", pattern = QueryParameters.DURATION_PATTERN))
        },
        responses =
                @ApiResponse(
                        responseCode = "200",
                        description = "Records, or none at the end of the partition",
                        content = {
                            @Content(
                                    mediaType = "application/json",
                                    schema = @Schema(implementation = RecordViews.Page.class)),
                            @Content(
                                    mediaType = "application/x-ndjson",
                                    schema = @Schema(implementation = RecordViews.RecordView.class))
                        }))
@interface ReadOperation {}
