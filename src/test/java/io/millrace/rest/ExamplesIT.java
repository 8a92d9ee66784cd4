package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The examples of the OpenAPI document, sent as they are, in the order in which Swagger UI shows the operations. */
class ExamplesIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Event streams have no end. */
    private static final String STREAMS = "Streams";

    /** What the document cannot know: users copy it from the answer of the operation. */
    private static final Map<String, String> ASSIGNED =
            Map.of("member", "joinGroup", "key", "createKey", "acl", "addAcl");

    private record Operation(String method, String path, JsonNode spec) {

        String id() {
            return spec.path("operationId").asString();
        }

        String tag() {
            return spec.path("tags").path(0).asString();
        }
    }

    @Test
    void allOperationsSucceedFromTopToBottomAndReadTheProducedRecords() throws Exception {
        try (Hub hub = Hub.start();
                HttpClient http = HttpClient.newHttpClient()) {
            JsonNode document = JSON.readTree(
                    http.send(HttpRequest.newBuilder(hub.http("/openapi")).build(), BodyHandlers.ofString())
                            .body());
            Map<String, JsonNode> answers = new LinkedHashMap<>();
            for (Operation operation : shown(document)) {
                HttpResponse<String> answer =
                        http.send(request(hub.http(target(operation, answers)), operation), BodyHandlers.ofString());
                assertThat(answer.statusCode())
                        .as(operation.id() + " " + answer.body())
                        .isBetween(200, 299);
                answers.put(operation.id(), JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body()));
            }

            assertThat(answers.get("readPartition").path("records")).hasSize(2);
            assertThat(answers.get("readAsMember").path("partitions").path(0).path("records"))
                    .hasSize(2);
            assertThat(answers.get("describeGroup").path("members")).hasSize(1);
            assertThat(answers)
                    .containsKeys("createTopic", "deleteTopic", "deleteRecords", "joinGroup", "leaveGroup", "limits");
        }
    }

    /** By tag, and within a tag in the order of the document. */
    private static List<Operation> shown(JsonNode document) {
        List<Operation> operations = document.path("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .map(method -> new Operation(method.getKey(), path.getKey(), method.getValue())))
                .filter(operation -> !operation.tag().equals(STREAMS))
                .toList();
        return document.path("tags")
                .valueStream()
                .map(tag -> tag.path("name").asString())
                .flatMap(tag ->
                        operations.stream().filter(operation -> operation.tag().equals(tag)))
                .toList();
    }

    private static String target(Operation operation, Map<String, JsonNode> answers) {
        String target = operation.path();
        for (JsonNode parameter : operation.spec().path("parameters")) {
            String name = parameter.path("name").asString();
            if (parameter.path("in").asString().equals("path")) {
                JsonNode value = ASSIGNED.containsKey(name)
                        ? answers.get(ASSIGNED.get(name)).findValue(name + "_id")
                        : parameter.path("example");
                target = target.replace("{" + name + "}", value.asString());
            } else if (parameter.path("required").asBoolean(false)) {
                target += (target.contains("?") ? "&" : "?") + name + "="
                        + parameter.path("example").asString();
            }
        }
        return target;
    }

    private static HttpRequest request(URI uri, Operation operation) {
        String method = operation.method().toUpperCase(java.util.Locale.ROOT);
        return operation
                .spec()
                .path("requestBody")
                .path("content")
                .propertyStream()
                .findFirst()
                .map(content -> HttpRequest.newBuilder(uri)
                        .header("Content-Type", content.getKey())
                        .method(method, BodyPublishers.ofString(example(content.getValue()))))
                .orElseGet(() -> HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()))
                .build();
    }

    private static String example(JsonNode content) {
        JsonNode value =
                content.path("examples").valueStream().findFirst().orElseThrow().path("value");
        return value.isString() ? value.asString() : value.toString();
    }
}
