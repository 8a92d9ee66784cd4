package io.millrace.rest.topic;

import io.millrace.apidocs.Refuses;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.http.Blocking;
import io.millrace.http.BodyTypes;
import io.millrace.http.RequestBodies;
import io.millrace.replication.Replication;
import io.millrace.rest.PageParameters;
import io.millrace.rest.ReplicaViews;
import io.millrace.security.Caller;
import io.millrace.topic.ConfigPatch;
import io.millrace.topic.TopicAdmin;
import io.millrace.topic.TopicConfig;
import io.millrace.topic.TopicDescription;
import io.millrace.topic.TopicProperties;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Creates, describes, changes and deletes topics. */
@RestController
@RequestMapping("/v1/topics")
@Tag(name = "Topics")
class TopicController {

    private static final BodyTypes PATCHES = new BodyTypes(
            List.of(MediaType.APPLICATION_JSON, new MediaType("application", "merge-patch+json")), List.of());

    private final TopicAdmin topics;
    private final TopicProperties properties;
    private final RequestBodies bodies;
    private final Replication replication;

    TopicController(TopicAdmin topics, TopicProperties properties, RequestBodies bodies, Replication replication) {
        this.topics = topics;
        this.replication = replication;
        this.properties = properties;
        this.bodies = bodies;
    }

    @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({HubError.INVALID_TOPIC_NAME, HubError.INVALID_CONFIG, HubError.INVALID_PARTITIONS, HubError.TOPIC_EXISTS})
    @Operation(
            operationId = "createTopic",
            summary = "Create a topic",
            responses =
                    @ApiResponse(
                            responseCode = "201",
                            description = "Created",
                            headers = {
                                @Header(name = "Location", required = true, schema = @Schema(type = "string")),
                                @Header(name = "ETag", required = true, schema = @Schema(type = "string"))
                            },
                            useReturnTypeSchema = true),
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = TopicViews.TopicRequest.class),
                                            examples =
                                                    @ExampleObject(
                                                            name = "one partition",
                                                            value = "{\"name\":\"flights\",\"partitions\":1}"))))
    Mono<ResponseEntity<TopicViews.TopicView>> create(
            Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return bodies.call(request, BodyTypes.JSON, bytes -> {
            TopicBody body = TopicBody.parse(bytes, Set.of("name", "partitions", "config"));
            String name = body.name();
            int partitions = body.partitions().orElse(properties.defaultPartitions());
            TopicConfig config = ConfigPatch.of(body.config()).applyTo(TopicConfig.DEFAULTS);
            return () -> {
                var created = topics.create(caller, name, partitions, config);
                return ResponseEntity.created(URI.create("/v1/topics/" + name))
                        .eTag(EntityTags.of(created.topic()))
                        .body(view(created));
            };
        });
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listTopics", summary = "List topics in the order of their names")
    @PageParameters
    Mono<TopicViews.ListView> list(Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters query = QueryParameters.of(request, Set.of("prefix", "limit", "after"));
        int limit = query.limit();
        String prefix = query.text("prefix").orElse("");
        String after = query.text("after").orElse(null);
        return Blocking.call(() -> TopicViews.of(topics.list(caller, prefix, limit, after)));
    }

    @GetMapping(path = "/{topic}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses(HubError.UNKNOWN_TOPIC)
    @Operation(
            operationId = "describeTopic",
            summary = "Describe a topic and where its partitions start and end",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "The topic; its ETag identifies the configuration",
                            headers = @Header(name = "ETag", required = true, schema = @Schema(type = "string")),
                            useReturnTypeSchema = true))
    Mono<TopicViews.TopicView> describe(
            @Parameter(example = "flights") @PathVariable String topic,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request,
            @Parameter(hidden = true) ServerHttpResponse response) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> topics.describe(caller, topic)).map(described -> tagged(described, response));
    }

    @PatchMapping(path = "/{topic}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({HubError.INVALID_CONFIG, HubError.INVALID_PARTITIONS, HubError.UNKNOWN_TOPIC, HubError.PRECONDITION_FAILED
    })
    @Operation(
            operationId = "changeTopic",
            summary = "Change a topic's configuration, or give it more partitions",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "The topic; its ETag identifies the configuration",
                            headers = @Header(name = "ETag", required = true, schema = @Schema(type = "string")),
                            useReturnTypeSchema = true),
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = "application/merge-patch+json",
                                        schema = @Schema(implementation = TopicViews.TopicPatch.class),
                                        examples =
                                                @ExampleObject(
                                                        name = "kept for a day",
                                                        value = "{\"config\":{\"retention_ms\":86400000}}")),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = TopicViews.TopicPatch.class))
                            }))
    @Parameter(
            name = "If-Match",
            in = ParameterIn.HEADER,
            description = "the topic's ETag",
            schema = @Schema(type = "string"))
    Mono<TopicViews.TopicView> change(
            @Parameter(example = "flights") @PathVariable String topic,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request,
            @Parameter(hidden = true) ServerHttpResponse response) {
        QueryParameters.of(request, Set.of());
        return bodies.call(request, PATCHES, bytes -> {
            TopicBody body = TopicBody.parse(bytes, Set.of("partitions", "config"));
            ConfigPatch patch = ConfigPatch.of(body.config());
            var partitions = body.partitions();
            return () ->
                    tagged(topics.update(caller, topic, EntityTags.precondition(request), patch, partitions), response);
        });
    }

    @DeleteMapping(path = "/{topic}")
    @Refuses({HubError.UNKNOWN_TOPIC, HubError.PRECONDITION_FAILED})
    @Operation(
            operationId = "deleteTopic",
            summary = "Delete a topic with all its records",
            responses = @ApiResponse(responseCode = "204", description = "Deleted"))
    @Parameter(
            name = "If-Match",
            in = ParameterIn.HEADER,
            description = "the topic's ETag",
            schema = @Schema(type = "string"))
    Mono<ResponseEntity<Void>> delete(
            @Parameter(example = "flights") @PathVariable String topic,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> {
            topics.delete(caller, topic, EntityTags.precondition(request));
            return ResponseEntity.noContent().build();
        });
    }

    /**
     * The tag identifies the configuration, not the offsets in the same answer. Set on a {@link ResponseEntity}, it
     * would make Spring answer If-None-Match with 304 although the offsets have moved.
     */
    private TopicViews.TopicView tagged(TopicDescription described, ServerHttpResponse response) {
        response.getHeaders().setETag(EntityTags.of(described.topic()));
        return view(described);
    }

    private TopicViews.TopicView view(TopicDescription described) {
        return TopicViews.of(described, ReplicaViews.of(replication));
    }
}
