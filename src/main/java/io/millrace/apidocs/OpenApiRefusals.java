package io.millrace.apidocs;

import io.millrace.edge.HttpStatuses;
import io.millrace.edge.Problems;
import io.millrace.event.HubError;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/**
 * Adds to the OpenAPI document each status with which an operation refuses, with its error codes and an example of
 * each.
 */
@Component
class OpenApiRefusals implements GlobalOperationCustomizer {

    static final String PROBLEM = "Problem";

    private static final Set<HubError> OF_ALL = EnumSet.of(
            HubError.INVALID_REQUEST,
            HubError.UNAUTHENTICATED,
            HubError.FORBIDDEN,
            HubError.FOREIGN_ORIGIN,
            HubError.NOT_ACCEPTABLE,
            HubError.REQUEST_TOO_LARGE,
            HubError.QUOTA_EXCEEDED,
            HubError.UNKNOWN_HOST,
            HubError.INTERNAL,
            HubError.OVERLOADED,
            HubError.STORAGE_UNAVAILABLE);

    private static final Set<HubError> OF_BODIES = EnumSet.of(
            HubError.MALFORMED_JSON,
            HubError.REQUEST_TIMEOUT,
            HubError.UNSUPPORTED_MEDIA_TYPE,
            HubError.UNSUPPORTED_CONTENT_ENCODING);

    @Override
    public Operation customize(Operation operation, HandlerMethod method) {
        Map<Integer, List<HubError>> byStatus = errors(operation, method.getMethodAnnotation(Refuses.class)).stream()
                .collect(Collectors.groupingBy(HttpStatuses::of, TreeMap::new, Collectors.toList()));
        byStatus.forEach((status, errors) ->
                operation.getResponses().addApiResponse(Integer.toString(status), response(status, errors)));
        operation.getResponses().addApiResponse("default", anyOther());
        return operation;
    }

    private static Set<HubError> errors(Operation operation, @Nullable Refuses own) {
        Set<HubError> errors = EnumSet.copyOf(OF_ALL);
        if (operation.getRequestBody() != null) {
            errors.addAll(OF_BODIES);
        }
        if (own != null) {
            errors.addAll(List.of(own.value()));
        }
        return errors;
    }

    private static ApiResponse response(int status, List<HubError> errors) {
        MediaType problem = problem();
        errors.forEach(error ->
                problem.addExamples(error.code(), new Example().$ref("#/components/examples/" + error.code())));
        ApiResponse response = new ApiResponse()
                .description(errors.stream().map(OpenApiRefusals::meaning).collect(Collectors.joining("; ")))
                .content(new Content().addMediaType("application/problem+json", problem));
        if (status == 429 || status == 503) {
            response.addHeaderObject(
                    "Retry-After",
                    new Header().description("Seconds").required(true).schema(new IntegerSchema()));
        }
        if (status == 401) {
            response.addHeaderObject(
                    "WWW-Authenticate",
                    new Header().description("RFC 6750, 3").required(true).schema(new StringSchema()));
        }
        return response;
    }

    private static String meaning(HubError error) {
        return "`" + error.code() + "`: " + error.title();
    }

    private static ApiResponse anyOther() {
        return new ApiResponse()
                .description("Any other refusal or failure; `code` says which, see /docs/errors")
                .content(new Content().addMediaType("application/problem+json", problem()));
    }

    private static MediaType problem() {
        return new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM));
    }

    /** An example of each error that an operation can end with; the operations refer to these. */
    static Map<String, Example> examples(Paths paths) {
        Set<String> referred = paths.values().stream()
                .flatMap(path -> path.readOperations().stream())
                .flatMap(operation -> operation.getResponses().values().stream())
                .filter(response -> response.getContent() != null)
                .flatMap(response -> response.getContent().values().stream())
                .filter(type -> type.getExamples() != null)
                .flatMap(type -> type.getExamples().keySet().stream())
                .collect(Collectors.toSet());
        Map<String, Example> examples = new TreeMap<>();
        for (HubError error : HubError.values()) {
            if (referred.contains(error.code())) {
                examples.put(error.code(), new Example().value(example(error)));
            }
        }
        return examples;
    }

    /** As {@link Problems} writes it, but with the error's title as the detail. */
    private static Map<String, Object> example(HubError error) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", Problems.type(error));
        problem.put("title", error.title());
        problem.put("status", HttpStatuses.of(error));
        problem.put("code", error.code());
        problem.put("retryable", error.retryable());
        problem.put(
                "detail",
                error.title().substring(0, 1).toLowerCase(Locale.ROOT)
                        + error.title().substring(1));
        problem.put("kafka_error", error.kafkaError());
        return problem;
    }
}
