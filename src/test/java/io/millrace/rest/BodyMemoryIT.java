package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.budget.ClientMemory;
import io.millrace.testing.Hub;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The memory that arriving bodies take from the budget of all clients. */
class BodyMemoryIT {

    private static final long CAPACITY = 16 * 1024 * 1024;
    private static final int LARGEST = (int) (CAPACITY / 4);
    private static final String PATH = "/v1/topics/held/records";
    private static final byte[] SMALL = "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_8);

    private static Hub hub;
    private static HttpApi api;
    private static ClientMemory memory;

    private final List<RawHttp> connections = new ArrayList<>();

    @BeforeAll
    static void start() {
        hub = Hub.start("millrace.limits.client-memory=16MB");
        api = HttpApi.of(hub);
        api.topic("held", 1);
        memory = hub.bean(ClientMemory.class);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (RawHttp connection : connections) {
            connection.close();
        }
        await().untilAsserted(() -> assertThat(memory.held()).isZero());
    }

    @Test
    void theLargestBodyIsAQuarterOfTheMemoryAndIsAccepted() {
        assertThat(api.get("/v1/limits").json().path("max_request_bytes").asInt())
                .isEqualTo(LARGEST);
        String body = "{\"records\":[{\"value\":1}]" + " ".repeat(LARGEST - 25) + "}";
        api.post(PATH, "application/json", body.getBytes(StandardCharsets.UTF_8))
                .hasStatus(200);
        api.post(PATH, "application/json", (body + " ").getBytes(StandardCharsets.UTF_8))
                .isProblem(413, "request_too_large", null);
    }

    @Test
    void aBodyOfCountlessValuesIsRefusedBeforeATreeIsMadeOfIt() {
        String values = "[],".repeat(300_000) + "[]";
        api.post("/v1/topics", "application/json", ("{\"name\":[" + values + "]}").getBytes(StandardCharsets.UTF_8))
                .isProblem(413, "request_too_large", null);
    }

    @Test
    void smallRequestsDoNotWaitForLargeOnesThatNeverEnd() throws Exception {
        for (String type : new String[] {"application/json", "text/plain", "application/json; charset=utf-8"}) {
            for (int i = 0; i < 20; i++) {
                unfinished(PATH, type);
            }
        }
        for (int i = 0; i < 20; i++) {
            unfinished("/v1/topics", "application/json");
        }
        await().until(() -> memory.refusals() > 0);

        assertThat(memory.held()).isLessThanOrEqualTo(CAPACITY);
        for (int i = 0; i < 100; i++) {
            api.post(PATH, "application/json", SMALL).hasStatus(200);
            api.post(PATH, "text/plain", SMALL).hasStatus(200);
        }
    }

    @Test
    void aBodyThatFindsNoMemoryIsRefusedAsOverloaded() throws Exception {
        for (int i = 0; i < 20; i++) {
            unfinished(PATH, "application/json");
        }

        connections.getLast().read().isProblem(503, "overloaded", null);
    }

    /** All but the last byte of the largest body. */
    private void unfinished(String path, String type) throws Exception {
        RawHttp connection = new RawHttp(hub);
        connections.add(connection);
        connection.send(head(path, type, LARGEST));
        connection.send(new byte[LARGEST - 1]);
    }

    private static String head(String path, String type, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + length + "\r\n\r\n";
    }
}
