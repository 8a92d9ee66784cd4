package io.millrace.apidocs;

import io.millrace.http.RateLimits;
import io.millrace.http.RequestIds;
import io.millrace.security.Caller;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * What the OpenAPI document says about all resources alike: the server, the form of a refusal, and the order of the
 * resources, which is the order in which a newcomer tries them.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String DESCRIPTION = """
        Topics split into partitions, append-only and ordered, over plain HTTP. An offset that a client sends is always
        the next offset to read. Live streams are on server-sent events and WebSocket; `/asyncapi.yaml` describes their
        messages. Executed from top to bottom as they stand, the examples create a topic, store records in it and read
        them; an event stream has no end, so follow it with `curl -N` instead.\
        """;

    private static final String BEARER = "bearer";

    private static final List<Tag> TAGS = List.of(
            tag("Topics", "Create, list, describe and change topics"),
            tag("Records", "Store records, and read them without a group"),
            tag("Group members", "Share the partitions of topics, and commit a group's offsets"),
            tag("Groups", "Look at groups, and move them to other offsets"),
            tag("Streams", "Follow topics live by server-sent events"),
            tag("Limits", "What requests may hold"),
            tag("Cluster", "Which nodes share the database"),
            tag("Access", "Keys, rules, and tickets for browsers"),
            tag("Removal", "Leave a group, erase keys, and delete groups, records and topics"));

    /**
     * The order of paths by their operations, which is also the order of operations within a tag: so a member leaves a
     * group before the group is deleted, and the topic is deleted last.
     */
    private static final List<String> OPERATIONS = List.of(
            "createTopic",
            "produce",
            "readPartition",
            "joinGroup",
            "readAsMember",
            "commitOffsets",
            "heartbeat",
            "leaveGroup",
            "listGroups",
            "describeGroup",
            "groupOffsets",
            "followTopic",
            "followAsMember",
            "limits",
            "createTicket",
            "createKey",
            "addAcl",
            "setQuota",
            "describeRetention",
            "eraseKey",
            "describeErasure",
            "describeTopic");

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Millrace")
                        .version("v1")
                        .description(DESCRIPTION)
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .servers(List.of(new Server().url("/")))
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An API key, or an access token of the hub's identity provider."
                                                + " A hub without authentication ignores it")))
                .security(List.of(new SecurityRequirement().addList(BEARER), new SecurityRequirement()))
                .tags(TAGS);
    }

    /** Runs after springdoc's own customizers. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    OpenApiCustomizer common() {
        return document -> {
            Components components = document.getComponents();
            components.addSchemas(OpenApiRefusals.PROBLEM, problem());
            components.setExamples(OpenApiRefusals.examples(document.getPaths()));
            Map<String, Header> headers = headers();
            headers.forEach(components::addHeaders);
            components.setSchemas(new TreeMap<>(components.getSchemas()));
            document.setTags(TAGS);
            document.getPaths().values().forEach(OpenApiConfiguration::removalComesLast);
            document.setPaths(ordered(document.getPaths()));
            document.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .flatMap(operation -> operation.getResponses().values().stream())
                    .forEach(response -> headers.keySet()
                            .forEach(name ->
                                    response.addHeaderObject(name, new Header().$ref("#/components/headers/" + name))));
        };
    }

    /** Otherwise a newcomer who tries one operation after another would have nothing left to read. */
    private static void removalComesLast(PathItem path) {
        if (path.getDelete() != null) {
            path.getDelete().setTags(List.of("Removal"));
        }
    }

    /** Those of all answers. */
    private static Map<String, Header> headers() {
        return new TreeMap<>(Map.of(
                RequestIds.HEADER, requestId(),
                RateLimits.POLICY, text("The caller's quotas, if it has any: draft-ietf-httpapi-ratelimit-headers"),
                RateLimits.LEFT, text("What is left of them")));
    }

    private static Header text(String description) {
        return new Header().description(description).schema(new StringSchema());
    }

    private static Header requestId() {
        return new Header()
                .description("The client's own, or one that the hub generated; the hub's log names it. Only refusals of"
                        + " requests that could not be read may lack it")
                .schema(new StringSchema().maxLength(RequestIds.MAX_LENGTH));
    }

    private static Paths ordered(Paths paths) {
        Paths ordered = new Paths();
        paths.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, PathItem> path) -> place(path.getValue()))
                        .thenComparing(Map.Entry::getKey))
                .forEach(path -> ordered.addPathItem(path.getKey(), path.getValue()));
        return ordered;
    }

    /** The first place of what can be done at a path. */
    private static int place(PathItem path) {
        return path.readOperations().stream()
                .mapToInt(operation -> OPERATIONS.indexOf(operation.getOperationId()))
                .filter(place -> place >= 0)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private static Tag tag(String name, String description) {
        return new Tag().name(name).description(description);
    }

    private static Schema<?> problem() {
        Schema<?> violation = new ObjectSchema()
                .addProperty("pointer", new StringSchema().example("#/records/3/value"))
                .addProperty("code", new StringSchema().example("record_too_large"))
                .addProperty("detail", new StringSchema())
                .required(List.of("pointer", "code", "detail"));
        Schema<?> problem = new ObjectSchema()
                .description("RFC 9457")
                .addProperty("type", new StringSchema().description("Where the code is explained"))
                .addProperty("title", new StringSchema().description("The same for each occurrence"))
                .addProperty("status", new IntegerSchema())
                .addProperty("code", new StringSchema().description("What programs switch on"))
                .addProperty(
                        "retryable",
                        new BooleanSchema().description("Whether the same request may succeed later, unchanged"))
                .addProperty("detail", new StringSchema().description("What happened this time"))
                .addProperty("instance", new StringSchema().description("The path of the request"))
                .addProperty("kafka_error", new StringSchema().description("The nearest error of Kafka"))
                .addProperty(
                        "errors",
                        new ArraySchema().items(violation).description("The places of the request that are wrong"));
        problem.addProperty(
                "accept", new StringSchema().description("With unsupported_media_type: the accepted types"));
        numbers()
                .forEach((name, description) -> problem.addProperty(
                        name, new IntegerSchema().format("int64").description(description)));
        return problem.required(Arrays.asList("type", "title", "status", "code", "retryable", "detail", "kafka_error"));
    }

    /** Further fields of some problems. */
    private static Map<String, String> numbers() {
        return new TreeMap<>(Map.of(
                "byte_offset", "With malformed_json: where in the body the error is",
                "earliest_offset", "With offset_expired: the first offset that can be read",
                "epoch", "With stale_member_epoch: the member's newest",
                "next_offset", "With offset_beyond_end: where the partition ends",
                "records_stored", "With an NDJSON body: how many of its records, from the first on, are stored",
                "retry_after_ms", "With quota_exceeded: when something of the quota is left again"));
    }
}
