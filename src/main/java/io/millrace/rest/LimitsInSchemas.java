package io.millrace.rest;

import io.millrace.consume.GroupRequests;
import io.millrace.edge.LimitsProperties;
import io.millrace.group.GroupProperties;
import io.millrace.topic.TopicProperties;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.Objects;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/** Puts limits of {@code /v1/limits} that are settings into the schemas of what clients send. */
@Component
final class LimitsInSchemas implements OpenApiCustomizer {

    private final LimitsProperties limits;
    private final GroupProperties groups;
    private final TopicProperties topics;

    LimitsInSchemas(LimitsProperties limits, GroupProperties groups, TopicProperties topics) {
        this.limits = limits;
        this.groups = groups;
        this.topics = topics;
    }

    @Override
    public void customise(OpenAPI document) {
        field(document, "ProduceRequest", "records").setMaxItems(limits.maxRecordsPerRequest());
        field(document, "NewRecord", "headers").setMaxItems(limits.maxHeaders());
        field(document, "CommitRequest", "offsets").setMaxItems(GroupLimits.MOST_OFFSETS);
        field(document, "JoinRequest", "topics").setMaxItems(GroupRequests.MOST_TOPICS);
        Schema<?> timeout = field(document, "JoinRequest", "session_timeout_ms");
        timeout.setMinimum(BigDecimal.valueOf(groups.minSessionTimeout().toMillis()));
        timeout.setMaximum(BigDecimal.valueOf(groups.maxSessionTimeout().toMillis()));
        field(document, "TopicRequest", "partitions").setMaximum(BigDecimal.valueOf(topics.maxPartitions()));
    }

    private static Schema<?> field(OpenAPI document, String schema, String name) {
        Schema<?> found =
                Objects.requireNonNull(document.getComponents().getSchemas().get(schema), schema);
        return Objects.requireNonNull(found.getProperties().get(name), () -> schema + " has no " + name);
    }
}
