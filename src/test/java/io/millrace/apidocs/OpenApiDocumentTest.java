package io.millrace.apidocs;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.event.HubError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks the OpenAPI document itself for mistakes that client generators and readers stumble over. */
class OpenApiDocumentTest {

    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([^}]+)}");

    private static JsonNode document;

    private final List<String> wrong = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        document = JsonMapper.shared()
                .valueToTree(new Yaml().<Object>load(Files.readString(Path.of("openapi", "openapi.yaml"))));
    }

    @Test
    void everyOperationSaysWhatItIsAndHowItRefuses() {
        Set<String> ids = new HashSet<>();
        Set<String> tags = names(document.path("tags"));
        operations((name, operation) -> {
            require(ids.add(operation.path("operationId").asString("")), name + " has an id of its own");
            require(operation.hasNonNull("summary"), name + " has a summary");
            require(operation.path("tags").size() == 1, name + " is shown once");
            operation.path("tags").forEach(tag -> require(tags.contains(tag.asString()), name + " has a listed tag"));
            require(
                    operation.path("responses").propertyNames().stream().anyMatch(status -> status.startsWith("4")),
                    name + " says how it refuses");
            require(
                    operation.path("responses").propertyNames().stream().anyMatch(status -> status.startsWith("2")),
                    name + " says how it succeeds");
        });
        assertThat(document.path("tags").valueStream().map(tag -> tag.path("description")
                        .asString("")))
                .doesNotContain("");
        assertThat(document.path("security").isArray()).isTrue();
        assertThat(document.path("info").path("license").path("url").asString()).isNotBlank();
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyParameterHasItsBounds() {
        operations((name, operation) -> {
            Set<String> inPath = new TreeSet<>();
            for (JsonNode parameter : operation.path("parameters")) {
                String at = name + " " + parameter.path("name").asString();
                JsonNode schema = parameter.path("schema");
                require(schema.has("type"), at + " has a type");
                require(!schema.path("type").asString().equals("integer") || schema.has("minimum"), at + " is bounded");
                require(parameter.has("description") || parameter.has("example"), at + " is described");
                if (parameter.path("in").asString().equals("path")) {
                    inPath.add(parameter.path("name").asString());
                    require(parameter.path("required").asBoolean(), at + " is required");
                }
            }
            Set<String> named = PATH_PARAMETER
                    .matcher(name)
                    .results()
                    .map(match -> match.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
            require(inPath.equals(named), name + " declares the parameters of its path");
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyObjectSaysWhichFieldsAreRequired() {
        document.path("components").path("schemas").forEachEntry((name, schema) -> {
            boolean sent = !schema.path("additionalProperties").asBoolean(true);
            require(sent || schema.has("required"), name + " says what is required");
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        references(document);
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyExampleOfARequestIsValid() {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        operations((name, operation) -> operation
                .path("requestBody")
                .path("content")
                .forEachEntry((type, body) -> {
                    ObjectNode schema = ((ObjectNode) body.path("schema")).deepCopy();
                    schema.set("components", document.path("components"));
                    for (JsonNode example : body.path("examples")) {
                        registry.getSchema(schema)
                                .validate(example.path("value"))
                                .forEach(error -> wrong.add(name + " " + type + ": " + error));
                    }
                }));
        assertThat(wrong).isEmpty();
    }

    @Test
    void theExamplesOfProblemsAreProblemsOfTheCatalogue() {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        JsonNode examples = document.path("components").path("examples");
        assertThat(examples.propertyNames())
                .isSubsetOf(Stream.of(HubError.values()).map(HubError::code).toList());
        ObjectNode schema = JsonMapper.shared().createObjectNode().put("$ref", "#/components/schemas/Problem");
        schema.set("components", document.path("components"));
        examples.forEach(example -> assertThat(registry.getSchema(schema).validate(example.path("value")))
                .isEmpty());
    }

    private void operations(BiConsumer<String, JsonNode> look) {
        document.path("paths")
                .forEachEntry((path, item) ->
                        item.forEachEntry((method, operation) -> look.accept(method + " " + path, operation)));
    }

    private void references(JsonNode node) {
        if (node.path("$ref").isString()) {
            String reference = node.path("$ref").asString();
            require(!document.at(reference.substring(1)).isMissingNode(), reference + " is there");
        }
        node.forEach(this::references);
    }

    private void require(boolean holds, String rule) {
        if (!holds) {
            wrong.add(rule);
        }
    }

    private static Set<String> names(JsonNode named) {
        return named.valueStream().map(node -> node.path("name").asString()).collect(Collectors.toSet());
    }
}
