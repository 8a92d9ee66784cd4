package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.Answer;
import io.millrace.client.HubClient;
import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All processes of PostgreSQL are stopped with their connections open, and continued later. */
class FrozenStorageIT {

    private static final Logger log = LoggerFactory.getLogger(FrozenStorageIT.class);

    private static final String TOPIC = "frozen";

    /** The longest silence is five seconds; the rest is for a busy machine. The driver once waited for a minute. */
    private static final Duration ANSWERED = Duration.ofSeconds(12);

    @TempDir
    private Path home;

    @Test
    void everyRequestIsAnsweredInTimeAndTheHubRecoversAfterwards() throws Exception {
        try (EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(home, TestPostgres.unpacked(), EmbeddedPostgresProperties.defaults());
                HubProcess hub = HubProcess.onDatabase(
                        "frozen",
                        new TestDatabase(postgres.jdbcUrl(), postgres.username(), postgres.password()),
                        512)) {
            hub.awaitReady();
            HubCalls client = new HubCalls(hub);
            client.createTopic(TOPIC, 1);
            assertThat(status(hub, "POST", "/v1/topics/" + TOPIC + "/records")).isEqualTo(200);
            List<ProcessHandle> processes = processes(postgres);
            signal("STOP", processes);
            try {
                everythingIsAnswered(hub);
                readinessFailsAndLivenessDoesNot(client);
                assertThat(status(hub, "POST", "/v1/topics/" + TOPIC + "/records?acks=0"))
                        .isEqualTo(503);
            } finally {
                signal("CONT", processes);
            }

            hub.awaitReady();
            for (String path : List.of("/records", "/partitions/0/records?offset=0")) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> status(hub, path.equals("/records") ? "POST" : "GET", "/v1/topics/" + TOPIC + path)
                                == 200);
            }
        }
    }

    private static void everythingIsAnswered(HubProcess hub) {
        long began = System.nanoTime();
        Map<String, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
        HubClient client = new HubClient(hub.url());
        for (String request : List.of(
                "POST /v1/topics/" + TOPIC + "/records",
                "GET /v1/topics/" + TOPIC + "/partitions/0/records?offset=0",
                "GET /v1/topics",
                "GET /v1/topics/" + TOPIC,
                "DELETE /v1/topics/unknown",
                "GET /v1/groups",
                "GET /v1/groups/unknown")) {
            for (int i = 0; i < 5; i++) {
                String[] parts = request.split(" ");
                answers.put(request + " " + i, send(client, parts[0], parts[1]));
            }
        }
        answers.forEach((request, answer) -> {
            Answer got = answer.join();
            log.info(
                    "{} is answered with {} within {} ms",
                    request,
                    got.status(),
                    Duration.ofNanos(System.nanoTime() - began).toMillis());
            // Answers from the node's memory still succeed.
            assertThat(got.status()).as("%s: %s", request, got.text()).isIn(503, 504, 200);
            if (got.status() != 200) {
                assertThat(got.text()).as(request).containsAnyOf("storage_unavailable", "outcome_unknown");
            }
        });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ANSWERED);
    }

    private static void readinessFailsAndLivenessDoesNot(HubCalls client) throws Exception {
        await().atMost(Duration.ofSeconds(5)).until(() -> client.status("/actuator/health/readiness") == 503);
        assertThat(client.status("/actuator/health/liveness")).isEqualTo(200);
        assertThat(client.status("/actuator/health")).isEqualTo(503);
    }

    private static int status(HubProcess hub, String method, String path) {
        try (HubClient client = new HubClient(hub.url())) {
            return send(client, method, path).join().status();
        }
    }

    private static CompletableFuture<Answer> send(HubClient client, String method, String path) {
        CompletableFuture<Answer> answer = method.equals("POST")
                ? client.send(
                        method,
                        path,
                        BodyPublishers.ofString("{\"records\":[{\"value\":1}]}"),
                        "Content-Type",
                        "application/json")
                : client.send(method, path, BodyPublishers.noBody());
        return answer.orTimeout(60, TimeUnit.SECONDS);
    }

    private static List<ProcessHandle> processes(EmbeddedPostgres postgres) {
        ProcessHandle postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    }

    private static void signal(String name, List<ProcessHandle> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        new ProcessBuilder(command).start().waitFor();
    }
}
