package io.millrace.bench.hub;

import io.millrace.bench.run.BenchException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run asks of the hub before and after the measurement. Each call blocks; any thread. */
public final class HubApi implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final HubUrl hub;

    public HubApi(HubUrl hub) {
        this.hub = hub;
    }

    public HubUrl hub() {
        return hub;
    }

    /** The topic, which is created if it is not there. */
    public Topic topicOrNew(String name, int partitions) {
        HttpResponse<String> found = send("GET", "/v1/topics/" + name, null);
        if (found.statusCode() == 404 && Problem.parse(found.body()).code().equals("unknown_topic")) {
            String request = JSON.writeValueAsString(Map.of("name", name, "partitions", partitions));
            HttpResponse<String> created = send("POST", "/v1/topics", request);
            // Somebody else may have been faster.
            if (created.statusCode() != 201 && created.statusCode() != 409) {
                throw refused("to create topic " + name, created);
            }
            return topic(name);
        }
        return Topic.of(ok("to describe topic " + name, found));
    }

    /** The topic, which must be there. */
    public Topic topic(String name) {
        return Topic.of(get("/v1/topics/" + name));
    }

    public JsonNode get(String resource) {
        return ok("GET " + resource, send("GET", resource, null));
    }

    public JsonNode post(String resource, String body) {
        return ok("POST " + resource, send("POST", resource, body));
    }

    /** @return the status */
    public int delete(String resource) {
        return send("DELETE", resource, null).statusCode();
    }

    /** The text of a resource, null if it is not there. */
    @Nullable
    String text(String resource) {
        HttpResponse<String> answer = send("GET", resource, null);
        return answer.statusCode() == 200 ? answer.body() : null;
    }

    /** The version that the hub tells of itself, null if it does not. */
    @Nullable
    public String version() {
        String info = text("/actuator/info");
        if (info == null) {
            return null;
        }
        try {
            return JSON.readTree(info).path("build").path("version").asString(null);
        } catch (JacksonException notJson) {
            return null;
        }
    }

    private static JsonNode ok(String what, HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw refused(what, answer);
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException notJson) {
            throw new BenchException(answer.uri() + " does not answer as a hub does", notJson);
        }
    }

    private static BenchException refused(String what, HttpResponse<String> answer) {
        return Problem.refusal(what, answer.statusCode(), answer.body());
    }

    private HttpResponse<String> send(String method, String resource, @Nullable String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(hub.resource(resource)).timeout(PATIENCE);
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofString(body)).header("Content-Type", "application/json");
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failure) {
            String reason = failure.getMessage() == null ? "it does not answer" : failure.getMessage();
            throw new BenchException("no hub at " + hub + ": " + reason, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
