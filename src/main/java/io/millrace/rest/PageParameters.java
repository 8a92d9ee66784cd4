package io.millrace.rest;

import io.millrace.edge.QueryParameters;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The OpenAPI description of the parameters of lists, which are paged in the order of names. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        name = "prefix",
        in = ParameterIn.QUERY,
        description = "Only names that begin with this",
        schema = @Schema(type = "string"))
@Parameter(
        name = "limit",
        in = ParameterIn.QUERY,
        description = "At most this many",
        schema =
                @Schema(
                        type = "integer",
                        defaultValue = "" + QueryParameters.DEFAULT_LIMIT,
                        minimum = "1",
                        maximum = "" + QueryParameters.MAX_LIMIT))
@Parameter(
        name = "after",
        in = ParameterIn.QUERY,
        description = "next of the previous page",
        schema = @Schema(type = "string"))
public @interface PageParameters {}
