package io.millrace.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.springframework.http.MediaType;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Validates requests and answers against {@code openapi/openapi.yaml}: every answer, and every request that was not
 * refused. A field, status, media type, parameter or header that the document does not mention is an error. The tests'
 * HTTP clients check all of their requests.
 */
public final class OpenApiContract {

    /** A request; the body is empty if there is none or it is unknown. */
    public record Request(String method, String pathAndQuery, HttpHeaders headers, byte[] body) {}

    /** The answer to a request. */
    public record Response(int status, HttpHeaders headers, byte[] body) {}

    /** Headers for HTTP itself, browsers or proxies, on any answer. */
    private static final Set<String> GENERAL_HEADERS = Set.of(
            "accept",
            "accept-encoding",
            "accept-patch",
            "accept-post",
            "allow",
            "cache-control",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "date",
            "keep-alive",
            "transfer-encoding",
            "vary");

    private static final Pattern PROTECTIVE_HEADERS = Pattern.compile("access-control-.*|cross-origin-.*|"
            + "content-security-policy|referrer-policy|x-content-type-options|x-frame-options|x-accel-buffering");

    /** The hub accepts records that are nested more deeply than Jackson's default allows. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2000)
                            .build())
                    .build())
            .build();

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static final JsonNode DOCUMENT = read();
    private static final List<Operation> OPERATIONS = operations();
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private record Operation(String id, String method, Pattern path, JsonNode node) {}

    private final List<String> wrong = new ArrayList<>();

    private OpenApiContract() {}

    /** Fails if an answer, or an accepted request, contradicts the document. Ignores paths that are not in it. */
    public static void check(Request request, Response response) {
        String path = request.pathAndQuery().replaceFirst("[?#].*", "");
        OPERATIONS.stream()
                .filter(operation -> operation.method().equals(request.method())
                        && operation.path().matcher(path).matches())
                .findFirst()
                .ifPresent(operation -> {
                    OpenApiContract contract = new OpenApiContract();
                    contract.checkAnswer(operation, response);
                    if (response.status() < 300) {
                        contract.checkAccepted(operation, request);
                    }
                    assertThat(contract.wrong)
                            .as(
                                    "%s %s answered %d %s, which contradicts openapi.yaml",
                                    request.method(),
                                    request.pathAndQuery(),
                                    response.status(),
                                    shortened(response.body()))
                            .isEmpty();
                });
    }

    private void checkAnswer(Operation operation, Response response) {
        JsonNode answer = operation.node().path("responses").path(Integer.toString(response.status()));
        if (answer.isMissingNode()) {
            wrong.add("the status is not mentioned for " + operation.id());
            return;
        }
        response.headers().map().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !GENERAL_HEADERS.contains(name)
                        && !PROTECTIVE_HEADERS.matcher(name).matches()
                        && !has(answer.path("headers"), name))
                .forEach(name -> wrong.add("the header " + name + " is not mentioned"));
        answer.path("headers").forEachEntry((name, header) -> {
            if (resolved(header).path("required").asBoolean(false)
                    && response.headers().firstValue(name).isEmpty()) {
                wrong.add("the header " + name + " is missing");
            }
        });
        checkBody(answer.path("content"), response.headers(), plain(response));
    }

    private static JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : DOCUMENT.at(reference.substring(1));
    }

    private static boolean has(JsonNode headers, String lowerCase) {
        return headers.propertyNames().stream()
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).equals(lowerCase));
    }

    private void checkAccepted(Operation operation, Request request) {
        JsonNode body = operation.node().path("requestBody");
        if (request.body().length > 0) {
            checkBody(body.path("content"), request.headers(), request.body());
        } else if (body.path("required").asBoolean(false)
                && !body.path("content").has("text/plain")) {
            wrong.add("accepted without a body");
        }
        int question = request.pathAndQuery().indexOf('?');
        String query = question < 0 ? "" : request.pathAndQuery().substring(question + 1);
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            String name = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
            String value = parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
            checkParameter(operation, name, value);
        }
    }

    private void checkParameter(Operation operation, String name, String value) {
        Optional<JsonNode> found = operation
                .node()
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("in").asString().equals("query")
                        && parameter.path("name").asString().equals(name))
                .findFirst();
        if (found.isEmpty()) {
            wrong.add("the parameter " + name + " was accepted but is not mentioned");
            return;
        }
        JsonNode schema = found.get().path("schema");
        boolean text = schema.path("type").asString("string").equals("string");
        validate(schema, text ? JSON.getNodeFactory().stringNode(value) : JSON.readTree(value), "?" + name);
    }

    private void checkBody(JsonNode content, HttpHeaders headers, byte[] body) {
        String named = headers.firstValue("content-type").orElse("");
        if (named.isEmpty()) {
            if (!content.isEmpty() || body.length > 0) {
                wrong.add("a body without Content-Type");
            }
            return;
        }
        MediaType type = MediaType.parseMediaType(named);
        Optional<String> mentioned = content.propertyNames().stream()
                .filter(candidate -> MediaType.parseMediaType(candidate).includes(plain(type)))
                .findFirst();
        if (mentioned.isEmpty()) {
            wrong.add("the type " + named + " is not mentioned");
            return;
        }
        JsonNode schema = content.path(mentioned.get()).path("schema");
        if (type.getSubtype().equals("json") || type.getSubtype().endsWith("+json")) {
            validateJson(schema, body, "the body");
        } else if (type.getSubtype().equals("x-ndjson") && schema.has("$ref")) {
            new String(body, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> validateJson(schema, line.getBytes(StandardCharsets.UTF_8), "a line"));
        }
    }

    /** The body before compression. */
    private static byte[] plain(Response response) {
        if (!response.headers().firstValue("content-encoding").orElse("").equals("gzip")) {
            return response.body();
        }
        try (InputStream body = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            return body.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static MediaType plain(MediaType type) {
        return new MediaType(type.getType(), type.getSubtype());
    }

    private void validateJson(JsonNode schema, byte[] body, String where) {
        try {
            validate(schema, JSON.readTree(body), where);
        } catch (JacksonException malformed) {
            wrong.add(where + " is not JSON: " + malformed.getOriginalMessage());
        }
    }

    private void validate(JsonNode schema, JsonNode value, String where) {
        SCHEMAS.computeIfAbsent(schema.toString(), _ -> schema(schema)).validate(value).stream()
                .map(error -> where + ": " + error)
                .forEach(wrong::add);
    }

    /** A schema of the document on its own, with all schemas that it may refer to. */
    private static Schema schema(JsonNode node) {
        ObjectNode whole = ((ObjectNode) node).deepCopy();
        ClosedSchemas.close(whole);
        whole.set("components", DOCUMENT.path("components"));
        return REGISTRY.getSchema(whole);
    }

    private static JsonNode read() {
        try {
            Object yaml = new Yaml().load(Files.readString(Path.of("openapi", "openapi.yaml")));
            JsonNode document = JSON.valueToTree(yaml);
            document.path("components").path("schemas").forEach(ClosedSchemas::closeDefinition);
            return document;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        DOCUMENT.path("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
                    String pattern = path.replaceAll("\\{[^}]+}", "[^/]+");
                    operations.add(new Operation(
                            operation.path("operationId").asString(),
                            method.toUpperCase(Locale.ROOT),
                            Pattern.compile(pattern),
                            operation));
                }));
        return List.copyOf(operations);
    }

    private static String shortened(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return text.length() > 600 ? text.substring(0, 600) + "…" : text;
    }
}
