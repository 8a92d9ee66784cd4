package io.millrace.rest;

import io.millrace.edge.LimitsProperties;
import io.millrace.edge.StatedLimits;
import io.millrace.json.JsonScanner;
import io.millrace.topic.TopicConfig;
import io.millrace.topic.TopicName;
import io.millrace.topic.TopicProperties;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** States the limits that clients should plan their requests with. */
@RestController
@Tag(name = "Limits")
class LimitsController {

    private final LimitsProperties limits;
    private final TopicProperties topics;
    private final List<StatedLimits> others;

    LimitsController(LimitsProperties limits, TopicProperties topics, List<StatedLimits> others) {
        this.others = others;
        this.limits = limits;
        this.topics = topics;
    }

    @GetMapping(path = "/v1/limits", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "limits",
            summary = "State the limits of this hub",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "Numbers by name, such as max_request_bytes",
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(type = "object"),
                                            additionalPropertiesSchema = @Schema(type = "integer", format = "int64"))))
    Map<String, Object> limits() {
        Map<String, Object> stated = new LinkedHashMap<>();
        stated.put("max_request_bytes", limits.requestBytes());
        stated.put("max_records_per_request", limits.maxRecordsPerRequest());
        stated.put("max_headers_per_record", limits.maxHeaders());
        stated.put("max_json_depth", JsonScanner.MAX_DEPTH);
        stated.put("max_record_bytes", TopicConfig.LARGEST_RECORD_BYTES);
        stated.put("max_topic_name_chars", TopicName.LONGEST);
        stated.put("max_partitions_per_topic", topics.maxPartitions());
        stated.put("max_read_records", ReadRequest.MAX_LIMIT);
        stated.put("max_read_bytes", ReadRequest.MAX_BYTES);
        stated.put("max_read_wait_ms", ReadRequest.MAX_WAIT.toMillis());
        others.forEach(other -> other.state(stated::put));
        return stated;
    }
}
