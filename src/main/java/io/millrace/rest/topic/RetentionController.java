package io.millrace.rest.topic;

import io.millrace.apidocs.Refuses;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.http.Blocking;
import io.millrace.retention.RetentionAdmin;
import io.millrace.security.Caller;
import io.millrace.topic.ConfigKey;
import io.millrace.topic.ConfigPatch;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Deletes old records, and shows which would go by themselves. */
@RestController
@RequestMapping("/v1/topics/{topic}")
@Tag(name = "Topics")
class RetentionController {

    private static final String BEFORE = "before";

    /** The settings that can be tried. */
    private static final Set<String> TRIED = Set.of("retention_ms", "retention_bytes", "cleanup_policy");

    /** More digits than any setting may have. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");

    private final RetentionAdmin retention;

    RetentionController(RetentionAdmin retention) {
        this.retention = retention;
    }

    @DeleteMapping(path = "/partitions/{partition}/records", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({HubError.UNKNOWN_TOPIC, HubError.UNKNOWN_PARTITION, HubError.OFFSET_BEYOND_END, HubError.POLICY_VIOLATION
    })
    @Operation(
            operationId = "deleteRecords",
            summary = "Delete the records of a partition before an offset",
            description = "No reader finds them any more; their space comes back later. A partition that starts after"
                    + " the offset stays as it is.",
            parameters =
                    @Parameter(
                            name = BEFORE,
                            in = ParameterIn.QUERY,
                            required = true,
                            example = "1",
                            description = "The first offset to keep, at most the high watermark",
                            schema = @Schema(type = "integer", format = "int64", minimum = "0")))
    Mono<RetentionViews.DeletedView> deleteRecords(
            @Parameter(example = "flights") @PathVariable String topic,
            @Parameter(example = "0", schema = @Schema(type = "integer", format = "int32", minimum = "0")) @PathVariable
                    int partition,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters query = QueryParameters.of(request, Set.of(BEFORE));
        long before = query.requiredNumber(BEFORE, 0, Long.MAX_VALUE);
        return Blocking.call(() -> new RetentionViews.DeletedView(
                topic, partition, retention.deleteBefore(caller, topic, partition, before)));
    }

    @GetMapping(path = "/retention", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({HubError.UNKNOWN_TOPIC, HubError.INVALID_CONFIG})
    @Operation(
            operationId = "describeRetention",
            summary = "Show what of a topic would go if the cleaner came now",
            description = "By the topic's settings, or by those of the query, for this answer only.",
            parameters = {
                @Parameter(
                        name = "retention_ms",
                        in = ParameterIn.QUERY,
                        description = TopicViews.RETENTION_MS,
                        schema = @Schema(type = "integer", format = "int64", minimum = "-1")),
                @Parameter(
                        name = "retention_bytes",
                        in = ParameterIn.QUERY,
                        description = TopicViews.RETENTION_BYTES,
                        schema = @Schema(type = "integer", format = "int64", minimum = "-1")),
                @Parameter(
                        name = "cleanup_policy",
                        in = ParameterIn.QUERY,
                        description = "What happens to old records",
                        schema =
                                @Schema(
                                        type = "string",
                                        allowableValues = {"delete", "compact", "compact,delete"}))
            })
    Mono<RetentionViews.RetentionView> describeRetention(
            @Parameter(example = "flights") @PathVariable String topic,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        ConfigPatch tried = tried(QueryParameters.of(request, TRIED));
        return Blocking.call(() -> RetentionViews.of(retention.preview(caller, topic, tried::applyTo)));
    }

    /** @throws HubException {@link HubError#INVALID_CONFIG} as a change of the topic by these settings would */
    private static ConfigPatch tried(QueryParameters query) {
        Map<String, Optional<Object>> changes = new LinkedHashMap<>();
        for (ConfigKey key : ConfigKey.values()) {
            query.text(key.text())
                    .map(RetentionController::value)
                    .ifPresent(value -> changes.put(key.text(), Optional.of(value)));
        }
        return ConfigPatch.of(changes, Place.Parameter::new);
    }

    /** In a query everything is text; settings want numbers as such. */
    private static Object value(String text) {
        return NUMBER.matcher(text).matches() ? (Object) Long.valueOf(text) : text;
    }
}
