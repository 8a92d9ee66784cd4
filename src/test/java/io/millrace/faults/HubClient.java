package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The calls that these tests make, as a plain HTTP client makes them. Safe for any thread. */
final class HubClient {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private static final JsonMapper JSON = new JsonMapper();

    private final HubProcess hub;

    HubClient(HubProcess hub) {
        this.hub = hub;
    }

    void createTopic(String topic, int partitions) throws IOException, InterruptedException {
        String body = "{\"name\":\"%s\",\"partitions\":%d}".formatted(topic, partitions);
        HttpRequest request = HttpRequest.newBuilder(hub.http("/v1/topics"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }

    /** @param records the body */
    HttpResponse<String> produce(String topic, byte[] records, Duration timeout)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(hub.http("/v1/topics/" + topic + "/records"))
                .header("Content-Type", "application/json")
                .timeout(timeout)
                .POST(BodyPublishers.ofByteArray(records))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    /** @param parameters of the query, such as {@code offset=0&wait=5s} */
    HttpResponse<String> read(String topic, int partition, String parameters) throws IOException, InterruptedException {
        String path = "/v1/topics/%s/partitions/%d/records?%s".formatted(topic, partition, parameters);
        HttpRequest request = HttpRequest.newBuilder(hub.http(path))
                .timeout(Duration.ofSeconds(40))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    /** The status of a GET, or 0 if there is no answer. */
    int status(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(hub.http(path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return HTTP.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException noAnswer) {
            return 0;
        }
    }

    /** The sum over the series of a metric. */
    long metric(String name) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(hub.http("/actuator/prometheus"))
                .timeout(Duration.ofSeconds(20))
                .build();
        return (long) HTTP.send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /**
     * Waits until the database can be read. That may take longer than until the log takes records: the connection pool
     * rests up to 5 s between attempts to fill itself.
     */
    void awaitReadable(String topic) {
        await().atMost(Duration.ofSeconds(12))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> status("/v1/topics/" + topic) == 200);
    }

    /** The whole log of a topic, partition by partition. */
    List<Logged> drain(String topic, int partitions) throws IOException, InterruptedException {
        List<Logged> log = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            long next = 0;
            long end = 1;
            while (next < end) {
                HttpResponse<String> page = read(topic, partition, "limit=5000&offset=" + next);
                assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
                JsonNode json = JSON.readTree(page.body());
                log.addAll(records(json));
                end = json.get("high_watermark").asLong();
                assertThat(json.get("next_offset").asLong()).isGreaterThanOrEqualTo(Math.min(next + 1, end));
                next = json.get("next_offset").asLong();
            }
        }
        return log;
    }

    /** The records of one answer to a read. */
    static List<Logged> records(JsonNode page) {
        List<Logged> records = new ArrayList<>();
        int partition = page.get("partition").asInt();
        for (JsonNode entry : page.get("records")) {
            Mark mark = Mark.of(entry.get("value"));
            assertThat(entry.get("key").asString()).isEqualTo(mark.key());
            records.add(new Logged(new Position(partition, entry.get("offset").asLong()), mark));
        }
        return records;
    }

    /** The status and the problem's code, as in {@link Attempt#said}. */
    static String said(HttpResponse<String> answer) {
        return answer.statusCode() == 200
                ? Attempt.OK
                : answer.statusCode() + " " + json(answer).path("code").asString();
    }

    static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }
}
