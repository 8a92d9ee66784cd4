package io.millrace.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI document says about all resources alike: who serves them, and that every refusal is a problem. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String PROBLEM = "Problem";

    private static final String DESCRIPTION = """
        Topics split into partitions, append-only and ordered, over plain HTTP. An offset that a client sends is always
        the next offset to read. Live streams are on Server-Sent Events and WebSocket; `openapi/asyncapi.yaml`
        describes their messages.\
        """;

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Millrace")
                        .version("v1")
                        .description(DESCRIPTION)
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .servers(List.of(new Server().url("/")));
    }

    @Bean
    OpenApiCustomizer problems() {
        return document -> {
            document.getComponents().addSchemas(PROBLEM, problem());
            document.getPaths().values().forEach(path -> path.readOperations()
                    .forEach(OpenApiConfiguration::addProblem));
        };
    }

    private static void addProblem(Operation operation) {
        operation
                .getResponses()
                .addApiResponse(
                        "default",
                        new ApiResponse()
                                .description("A refusal or failure; `code` says which, see /docs/errors")
                                .content(new Content()
                                        .addMediaType(
                                                "application/problem+json",
                                                new MediaType()
                                                        .schema(new Schema<>()
                                                                .$ref("#/components/schemas/" + PROBLEM)))));
    }

    private static Schema<?> problem() {
        Schema<?> violation = new ObjectSchema()
                .addProperty("pointer", new StringSchema().example("#/records/3/value"))
                .addProperty("code", new StringSchema().example("record_too_large"))
                .addProperty("detail", new StringSchema());
        return new ObjectSchema()
                .description("RFC 9457")
                .addProperty("type", new StringSchema().example("/docs/errors#unknown_topic"))
                .addProperty("title", new StringSchema().example("The topic does not exist"))
                .addProperty("status", new IntegerSchema().example(404))
                .addProperty("code", new StringSchema().example("unknown_topic"))
                .addProperty(
                        "retryable",
                        new BooleanSchema().description("Whether the same request may succeed later, unchanged"))
                .addProperty("detail", new StringSchema().example("there is no topic orders"))
                .addProperty("instance", new StringSchema().example("/v1/topics/orders"))
                .addProperty("kafka_error", new StringSchema().example("UNKNOWN_TOPIC_OR_PARTITION"))
                .addProperty("errors", new ArraySchema().items(violation));
    }
}
