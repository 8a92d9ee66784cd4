package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.rest.ProduceWay.Outcome;
import io.millrace.security.Access;
import io.millrace.security.Permission;
import io.millrace.stream.StreamTopics;
import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Hub;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/**
 * The hub checks what a caller may do before it does what the caller asks, and changes nothing if a permission is
 * missing. Every operation of the OpenAPI document and every frame that clients may send has a row.
 */
class AccessIT {

    private static final String REFUSAL = "the caller may not ";

    private static final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private static volatile Predicate<String> allowed = _ -> true;

    private static Hub hub;
    private static HttpApi api;
    private static String member;

    @BeforeAll
    static void start() {
        Access some = (caller, permission) -> {
            String text = text(permission);
            asked.add(caller.name() + " " + text);
            if (!allowed.test(text)) {
                throw new HubException(HubError.FOREIGN_ORIGIN, REFUSAL + text);
            }
        };
        hub = Hub.startWith(Access.class, some);
        api = HttpApi.of(hub);
        StreamTopics.appendTo(hub, hub.createTopic("guarded", 1), 0, 3);
        hub.createTopic("others", 1);
        JsonNode joined = send(
                        "POST /v1/groups/guarded/members"
                                + " {'topics':['guarded','others'],'from':'earliest','session_timeout_ms':1800000}",
                        "")
                .hasStatus(201)
                .json();
        member = joined.path("member_id").asString();
    }

    @BeforeEach
    void allowEverything() {
        allowed = _ -> true;
        // A member leaves some time after its connection has ended.
        await().until(() -> !everything().contains("\"protocol\": \"websocket\""));
    }

    @AfterAll
    static void stop() {
        hub.close(); // first: a stream that was wrongly begun ends with it
        api.close();
    }

    private static String text(Permission permission) {
        return permission.operation() + " " + permission.resource() + " " + permission.name();
    }

    @Test
    void everyOperationHasARow() throws IOException {
        Set<String> described = new TreeSet<>();
        Map<?, ?> document = new Yaml().load(Files.readString(Path.of("openapi", "openapi.yaml")));
        for (Object path : ((Map<?, ?>) document.get("paths")).values()) {
            for (Object operation : ((Map<?, ?>) path).values()) {
                described.add(((Map<?, ?>) operation).get("operationId").toString());
            }
        }

        Set<String> known = new TreeSet<>(AccessRows.OPEN);
        known.addAll(AccessRows.LISTS);
        known.add("produce");
        AccessRows.rows().forEach(row -> known.add(row.operation()));

        assertThat(known).isEqualTo(described);
    }

    @Test
    void everyFrameHasARow() throws IOException {
        Set<String> described = new TreeSet<>();
        Map<?, ?> document = new Yaml().load(Files.readString(Path.of("openapi", "asyncapi.yaml")));
        Map<?, ?> fromClient = (Map<?, ?>) ((Map<?, ?>) document.get("operations")).get("fromClient");
        for (Object message : (List<?>) fromClient.get("messages")) {
            described.add(((Map<?, ?>) message).get("$ref").toString().replaceFirst(".*/", ""));
        }

        Set<String> known = new TreeSet<>(AccessRows.PRODUCING);
        known.addAll(AccessRows.OF_A_SUBSCRIPTION);
        AccessRows.frames().forEach(frame -> known.add(frame.type()));

        assertThat(known).isEqualTo(described);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.rest.AccessRows#rows")
    void aRequestWithoutPermissionIsRefusedAndChangesNothing(AccessRows.Row row) {
        String before = everything();
        for (String missing : row.needs()) {
            allowed = permission -> !permission.equals(missing);

            Outcome outcome = Outcome.of(send(row.request(), row.type()).json());

            assertThat(outcome).as("%s without %s", row, missing).isEqualTo(refused(missing));
            assertThat(everything()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.rest.AccessRows#rows")
    void missingResourcesAreAnsweredAlike(AccessRows.Row row) {
        String before = everything();
        allowed = _ -> false;
        asked.clear();

        Outcome outcome = Outcome.of(
                send(row.request().replace("guarded", "unknown"), row.type()).json());

        String first = row.needs().getFirst().replace("guarded", "unknown");
        assertThat(outcome).isEqualTo(refused(first));
        assertThat(asked).containsExactly("User:ANONYMOUS " + first);
        assertThat(everything()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.rest.AccessRows#frames")
    void aFrameWithoutPermissionIsRefusedAndChangesNothing(AccessRows.Frame frame) {
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'s','group':'sockets','topics':['others'],'credits':0}");
            awaitThePartition(client);
            String before = everything();
            for (String missing : frame.needs()) {
                allowed = permission -> !permission.equals(missing);

                JsonNode answer = client.send(frame.frame()).next("error");

                assertThat(Outcome.of(answer.path("problem"))).isEqualTo(refused(missing));
                assertThat(everything()).isEqualTo(before);
            }
        }
    }

    /** The member of the previous row may still own it until the hub notices that its connection is gone. */
    private static void awaitThePartition(WsClient client) {
        JsonNode assigned;
        do {
            assigned = client.next("assigned");
        } while (assigned.path("partitions").isEmpty());
    }

    @Test
    void aClientWithoutPermissionsHasNoSubscription() {
        allowed = _ -> false;
        Map<String, String> needed =
                Map.of("permit", ",'records':1", "seek", ",'partitions':[{'partition':0,'next_offset':0}]");
        try (WsClient client = WsClient.connect(hub)) {
            for (String type : AccessRows.OF_A_SUBSCRIPTION) {
                String frame = "{'type':'" + type + "','id':'x'" + needed.getOrDefault(type, "") + "}";

                JsonNode answer = client.send(frame).next("error");

                assertThat(answer.path("problem").path("code").asString()).isEqualTo("unknown_subscription");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void producingWithoutPermissionIsRefusedAndStoresNothing(ProduceWay way) {
        String before = everything();
        allowed = _ -> false;
        for (String topic : List.of("guarded", "unknown")) {
            asked.clear();

            Outcome outcome = way.produce(api, hub, topic, "1", List.of("{\"value\":1}"));

            assertThat(outcome).isEqualTo(refused("WRITE TOPIC " + topic));
            assertThat(asked).containsOnly("User:ANONYMOUS WRITE TOPIC " + topic);
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void listsShowWhatMayBeDescribed() {
        assertThat(names("topics", "")).containsExactly("guarded", "others");
        assertThat(names("groups", "?prefix=guarded")).containsExactly("guarded");

        allowed = permission -> !permission.equals("DESCRIBE TOPIC guarded");
        assertThat(names("topics", "")).containsExactly("others");
        assertThat(names("topics", "?limit=1")).containsExactly("others");
        assertThat(names("groups", "?prefix=guarded")).containsExactly("guarded");

        allowed = permission -> !permission.equals("DESCRIBE GROUP guarded");
        assertThat(names("groups", "?prefix=guarded")).isEmpty();
    }

    @Test
    void aGroupIsDescribedWithoutTopicsThatMayNotBeDescribed() {
        assertThat(api.get("/v1/groups/guarded").hasStatus(200).text()).contains("\"guarded\"", "\"others\"");

        allowed = permission -> !permission.equals("DESCRIBE TOPIC others");

        assertThat(api.get("/v1/groups/guarded").hasStatus(200).text()).doesNotContain("others");
        assertThat(api.get("/v1/groups/guarded/offsets").hasStatus(200).text()).doesNotContain("others");
    }

    private static List<String> names(String list, String query) {
        return HttpApi.elements(
                        api.get("/v1/" + list + query).hasStatus(200).json().path(list))
                .stream()
                .map(row -> row.path(list.equals("groups") ? "group" : "name").asString())
                .toList();
    }

    private static Outcome refused(String permission) {
        return new Outcome("foreign_origin", "", REFUSAL + permission);
    }

    private static String everything() {
        return hub.bean(JdbcClient.class)
                .sql(AccessRows.EVERYTHING)
                .query(String.class)
                .single();
    }

    private static Answer send(String request, String type) {
        String[] parts = request.replace("$member", String.valueOf(member)).split(" ", 3);
        BodyPublisher body =
                parts.length == 3 ? BodyPublishers.ofString(parts[2].replace('\'', '"')) : BodyPublishers.noBody();
        String[] content = parts.length == 3 ? new String[] {"Content-Type", HttpApi.JSON} : new String[0];
        String[] accept = type.isEmpty() ? new String[0] : new String[] {"Accept", type};
        // A request that is wrongly accepted may be a stream, which has no end.
        return api.sendLater(
                        parts[0],
                        parts[1],
                        body,
                        Stream.of(content, accept).flatMap(Arrays::stream).toArray(String[]::new))
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }
}
