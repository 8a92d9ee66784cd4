package io.millrace.rest;

import io.millrace.edge.QueryParameters;
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

/** The OpenAPI description of reading as a member of a group. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Operation(
        operationId = "readAsMember",
        summary = "Read the records of a member's partitions",
        description =
                "Without a cursor, reading begins at the group's committed offsets: the same call reads a lost answer"
                        + " again. With the cursor of the previous answer, it continues while those records are still"
                        + " being processed. A call extends the session, and releases the partitions that the previous"
                        + " answer listed as revoking: commit what you have of them first. A wait ends early when the"
                        + " member's assignment changes.",
        parameters = {
            @Parameter(
                    name = "wait",
                    in = ParameterIn.QUERY,
                    description = "How long to wait for a record if there is none: 500ms, 20s, 1m",
                    schema = @Schema(type = "string", pattern = QueryParameters.DURATION_PATTERN)),
            @Parameter(
                    name = "limit",
                    in = ParameterIn.QUERY,
                    description = "At most this many records, over all partitions",
                    schema =
                            @Schema(
                                    type = "integer",
                                    defaultValue = "" + ReadRequest.DEFAULT_LIMIT,
                                    minimum = "1",
                                    maximum = "" + ReadRequest.MAX_LIMIT)),
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
                    name = "cursor",
                    in = ParameterIn.QUERY,
                    description = "cursor of the previous answer. Partitions assigned since then begin at the group's"
                            + " committed offsets",
                    schema = @Schema(type = "string")),
            @Parameter(
                    name = "epoch",
                    in = ParameterIn.QUERY,
                    description = "The newest epoch that the member knows. If there is a newer one, the call is"
                            + " refused with stale_member_epoch",
                    schema = @Schema(type = "integer", format = "int64", minimum = "0"))
        },
        responses =
                @ApiResponse(
                        responseCode = "200",
                        description = "Records, or none if the group has read all of them",
                        content =
                                @Content(
                                        mediaType = "application/json",
                                        schema = @Schema(implementation = MemberViews.PollView.class))))
@interface GroupReadOperation {}
