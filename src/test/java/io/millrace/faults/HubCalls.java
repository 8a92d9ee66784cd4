package io.millrace.faults;

import static org.awaitility.Awaitility.await;

import io.millrace.client.Answer;
import io.millrace.client.ClientSettings;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.verify.history.Attempt;
import io.millrace.verify.history.History;
import io.millrace.verify.history.Logged;
import io.millrace.verify.load.Hubs;
import io.millrace.verify.load.LogReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** These tests' calls to one hub, with any answer. Thread-safe. */
final class HubCalls {

    private static final ClientSettings SETTINGS =
            new ClientSettings(Duration.ofSeconds(2), Duration.ofSeconds(40), Map.of());

    private final HubClient hub;
    private final HubClient management;

    HubCalls(HubProcess hub) {
        this.hub = new HubClient(hub.url(), SETTINGS);
        this.management = new HubClient(hub.management(), SETTINGS);
    }

    /** The client, for other calls. */
    HubClient client() {
        return hub;
    }

    void createTopic(String topic, int partitions) throws NoAnswerException, InterruptedException {
        hub.topics().create(topic, partitions, Map.of());
    }

    /** @param records the body */
    Answer produce(String topic, byte[] records, Duration timeout) throws NoAnswerException, InterruptedException {
        return hub.answering(timeout).call("POST", "/v1/topics/" + topic + "/records", records);
    }

    /** @param parameters of the query, such as {@code offset=0&wait=5s} */
    Answer read(String topic, int partition, String parameters) throws NoAnswerException, InterruptedException {
        return hub.get("/v1/topics/%s/partitions/%d/records?%s".formatted(topic, partition, parameters));
    }

    /** The status of a GET, or 0 if there is no answer. */
    int status(String path) throws InterruptedException {
        try {
            HubClient server = path.startsWith("/actuator") ? management : hub;
            return server.answering(Duration.ofSeconds(5)).get(path).status();
        } catch (NoAnswerException noAnswer) {
            return 0;
        }
    }

    /** The sum of the series of a metric. */
    long metric(String name) throws NoAnswerException, InterruptedException {
        return (long) management
                .get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /**
     * Waits until reads succeed. They may recover later than appends: the connection pool pauses for up to 5 s between
     * attempts to connect.
     */
    void awaitReadable(String topic) {
        await().atMost(Duration.ofSeconds(12))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> status("/v1/topics/" + topic) == 200);
    }

    /**
     * The whole log of a topic, partition by partition.
     *
     * @param sent the requests whose records are in it
     */
    List<Logged> drain(String topic, int partitions, History sent) throws NoAnswerException, InterruptedException {
        try (Hubs hubs = new Hubs(List.of(hub.hub()), 0, SETTINGS)) {
            return new LogReader(hubs, topic, partitions, sent, Duration.ZERO).read();
        }
    }

    /** The status and the problem's code, as in {@link Attempt#said}. */
    static String said(Answer answer) {
        return answer.status() == 200
                ? Attempt.OK
                : answer.status() + " " + answer.problem().code();
    }

    static JsonNode json(Answer answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
