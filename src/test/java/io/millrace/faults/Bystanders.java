package io.millrace.faults;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A producer of small records and a reader of all of them, who want to notice nothing of what others do. */
final class Bystanders {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final String topic;

    /** @param topic has one partition and is theirs alone */
    Bystanders(int port, String topic) {
        this.base = "http://127.0.0.1:" + port;
        this.topic = topic;
    }

    /**
     * What they noticed.
     *
     * @param troubles answers that were none, refusals, and records that were lost
     */
    record Notice(int records, double p50Millis, double p99Millis, List<String> troubles) {}

    void createTopic() throws Exception {
        post("/v1/topics", "{\"name\":\"" + topic + "\",\"partitions\":1}");
    }

    /** Produces and reads as long as that goes on. */
    Notice live(BooleanSupplier goesOn) throws Exception {
        List<String> troubles = Collections.synchronizedList(new ArrayList<>());
        long begin = end();
        List<Double> millis = new ArrayList<>();
        while (goesOn.getAsBoolean()) {
            long began = System.nanoTime();
            try {
                HttpResponse<String> answer =
                        post("/v1/topics/" + topic + "/records", "{\"records\":[{\"value\":" + millis.size() + "}]}");
                millis.add((System.nanoTime() - began) / 1e6);
                if (answer.statusCode() != 200) {
                    troubles.add("produce: " + answer.statusCode() + " " + answer.body());
                }
            } catch (java.io.IOException noAnswer) {
                troubles.add("produce: " + noAnswer);
            }
            if (millis.size() % 20 == 0) {
                read(begin, troubles);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        read(begin, troubles);
        if (end() - begin < millis.size() - troubles.size()) {
            troubles.add("records are missing");
        }
        Collections.sort(millis);
        return new Notice(millis.size(), at(millis, 0.5), at(millis, 0.99), List.copyOf(troubles));
    }

    private void read(long from, List<String> troubles) throws InterruptedException {
        try {
            HttpResponse<String> answer =
                    get("/v1/topics/" + topic + "/partitions/0/records?limit=1000&offset=" + from);
            JsonNode page = JSON.readTree(answer.body());
            if (answer.statusCode() != 200 || !page.has("high_watermark")) {
                troubles.add("read: " + answer.statusCode() + " " + answer.body());
            }
        } catch (java.io.IOException | tools.jackson.core.JacksonException cutShort) {
            troubles.add("read: " + cutShort);
        }
    }

    private long end() throws Exception {
        return JSON.readTree(get("/v1/topics/" + topic + "/partitions/0/records?limit=1&offset=0")
                        .body())
                .path("high_watermark")
                .asLong();
    }

    private static double at(List<Double> sorted, double part) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) (part * (sorted.size() - 1)));
    }

    private HttpResponse<String> get(String path) throws java.io.IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws java.io.IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
