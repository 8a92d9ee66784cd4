package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClusterControllerIT {

    private static TestDatabase database;
    private static Hub first;
    private static HttpApi api;

    /** The lease is long, so that changes that show soon are not due to its renewal. */
    @BeforeAll
    static void start() {
        database = TestPostgres.newDatabase();
        first = Hub.start(database, "server.address=127.0.0.1", "millrace.cluster.lease=8m");
        api = HttpApi.of(first);
    }

    @AfterAll
    static void stop() {
        api.close();
        first.close();
    }

    @Test
    void everyNodeShowsAllLiveNodes() throws Exception {
        first.bean(JdbcClient.class)
                .sql("insert into millrace.node values ('dead', 'http://dead', millrace.now(), millrace.now())")
                .update();
        try (Hub second = Hub.start(database, "millrace.cluster.address=http://localhost:1")) {
            await().until(() -> addresses(api.get("/v1/cluster").json())
                    .equals(List.of("http://127.0.0.1:" + first.port(), "http://localhost:1")));
            JsonNode cluster = api.get("/v1/cluster").hasStatus(200).json();
            JsonNode node = cluster.path("nodes").get(0);
            assertThat(cluster.path("node_id")).isEqualTo(node.path("node_id"));
            assertThat(cluster.path("leader_epoch").intValue()).isZero();
            assertThat(Instant.parse(cluster.path("leader_since").asString()))
                    .isBetween(
                            Instant.parse(node.path("started_at").asString()).minusSeconds(60),
                            Instant.parse(node.path("lease_until").asString()));
            Instant started = Instant.parse(node.path("started_at").asString());
            assertThat(Instant.parse(node.path("lease_until").asString()))
                    .isBetween(started.plus(Duration.ofMinutes(8)), started.plus(Duration.ofMinutes(12)));
            JsonNode seen = json(second.http("/v1/cluster"));
            assertThat(addresses(seen)).isEqualTo(addresses(cluster));
            assertThat(seen.path("node_id"))
                    .isEqualTo(cluster.path("nodes").get(1).path("node_id"));
        }
        // It has given its lease back, so it is gone before the lease would have ended.
        assertThat(addresses(api.get("/v1/cluster").json())).hasSize(1);
    }

    /** With the port of its API, not that of its management endpoints. */
    @Test
    void aNodeThatNamesNoAddressIsReachedUnderTheHostsName() throws Exception {
        try (Hub hub = Hub.start(TestPostgres.newDatabase(), "management.server.port=0", "millrace.cluster.lease=8m");
                HttpApi alone = HttpApi.of(hub)) {
            await().until(() -> !addresses(alone.get("/v1/cluster").json()).contains(null));

            String address = addresses(alone.get("/v1/cluster").json()).getFirst();

            assertThat(URI.create(address))
                    .hasScheme("http")
                    .hasPort(hub.port())
                    .hasPath("");
        }
    }

    @Test
    void parametersAreRefused() throws Exception {
        api.get("/v1/cluster?nodes=1").isProblem(400, "invalid_request", "?nodes");
    }

    private static List<String> addresses(JsonNode cluster) {
        return StreamSupport.stream(cluster.path("nodes").spliterator(), false)
                .map(node -> node.path("address"))
                .map(address -> address.isNull() ? null : address.asString())
                .toList();
    }

    private static JsonNode json(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return JsonMapper.shared()
                    .readTree(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body());
        }
    }
}
