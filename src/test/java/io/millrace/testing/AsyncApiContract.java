package io.millrace.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Validates messages against {@code openapi/asyncapi.yaml}; a field that it does not mention is an error. The tests'
 * WebSocket and event stream clients check all messages that they receive.
 */
public final class AsyncApiContract {

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final JsonNode COMPONENTS = read();
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private AsyncApiContract() {}

    /** @param message its name in the document, such as {@code assigned} */
    public static void check(String message, JsonNode payload) {
        assertThat(SCHEMAS.computeIfAbsent(message, AsyncApiContract::schema).validate(payload))
                .as("the message %s: %s", message, payload)
                .isEmpty();
    }

    private static Schema schema(String message) {
        JsonNode payload = COMPONENTS.path("messages").path(message).path("payload");
        assertThat(payload.isObject()).as("asyncapi.yaml describes " + message).isTrue();
        ObjectNode whole = ((ObjectNode) payload).deepCopy();
        whole.putObject("components").set("schemas", COMPONENTS.path("schemas"));
        return REGISTRY.getSchema(whole);
    }

    private static JsonNode read() {
        try {
            Object yaml = new Yaml().load(Files.readString(Path.of("openapi", "asyncapi.yaml")));
            JsonNode components = JsonMapper.shared().valueToTree(yaml).path("components");
            components.path("schemas").forEach(ClosedSchemas::closeDefinition);
            components.path("messages").forEach(message -> ClosedSchemas.close(message.path("payload")));
            return components;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
