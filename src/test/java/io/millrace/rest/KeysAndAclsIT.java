package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The resources {@code /v1/keys} and {@code /v1/acls}, on two nodes. */
class KeysAndAclsIT {

    private static Hub hub;
    private static Hub second;
    private static HttpApi api;
    private static HttpApi other;

    /** Present nothing by themselves. */
    private static HttpApi plain;

    private static HttpApi otherPlain;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        hub = Guarded.start(database);
        second = Guarded.start(database);
        plain = HttpApi.of(hub);
        otherPlain = HttpApi.of(second);
        String admin = Guarded.key(hub, Guarded.ADMIN);
        hub.present(admin);
        second.present(admin);
        api = HttpApi.of(hub);
        other = HttpApi.of(second);
    }

    @AfterAll
    static void stop() {
        api.close();
        other.close();
        plain.close();
        otherPlain.close();
        second.close();
        hub.close();
    }

    @Test
    void aKeyIsShownOnceAndAcceptedByAllNodesAtOnce() {
        Answer created = api.post("/v1/keys", HttpApi.JSON, "{\"principal\":\"User:fresh\",\"description\":\"a test\"}")
                .hasStatus(201);
        String key = created.json().path("key").asString();
        String id = created.json().path("about").path("key_id").asString();

        assertThat(key).matches("mr_" + id + "_[A-Za-z0-9_-]{43}");
        assertThat(created.header("location")).isEqualTo("/v1/keys/" + id);
        assertThat(created.header("cache-control")).isEqualTo("no-store");
        // The other node cannot have heard of it yet: it looks.
        assertThat(status(second, key)).isEqualTo(200);
        Answer described = other.get("/v1/keys/" + id).hasStatus(200);
        assertThat(described.text()).doesNotContain(key.substring(16));
        assertThat(described.json().path("created_by").asString()).isEqualTo(Guarded.ADMIN);
        assertThat(described.json().path("description").asString()).isEqualTo("a test");
        assertThat(hub.bean(JdbcClient.class)
                        .sql("select string_agg(k::text, '') from millrace.api_key k")
                        .query(String.class)
                        .single())
                .contains(id)
                .doesNotContain(key.substring(16));
    }

    @Test
    void aRevokedKeyIsRefusedByAllNodes() {
        String key = Guarded.key(hub, "User:revoked");
        String id = key.split("_")[1];
        assertThat(status(second, key)).isEqualTo(200);

        api.send("DELETE", "/v1/keys/" + id, none()).hasStatus(204);

        // The node that has revoked it does not wait to hear of it.
        assertThat(status(hub, key)).isEqualTo(401);
        await().atMost(Duration.ofSeconds(5)).until(() -> status(second, key) == 401);
        api.send("DELETE", "/v1/keys/" + id, none()).hasStatus(204);
        assertThat(api.get("/v1/keys/" + id).json().path("revoked_at").isNull()).isFalse();
    }

    @Test
    void aKeyExpires() {
        JsonNode created = api.post("/v1/keys", HttpApi.JSON, "{\"principal\":\"User:brief\",\"expires_in_ms\":1500}")
                .hasStatus(201)
                .json();
        String key = created.path("key").asString();

        assertThat(status(hub, key)).isEqualTo(200);
        assertThat(Instant.parse(created.path("about").path("expires_at").asString()))
                .isEqualTo(
                        Instant.parse(created.path("about").path("created_at").asString())
                                .plusMillis(1500));
        await().until(() -> status(hub, key) == 401);
    }

    /** Else callers with random keys could have PostgreSQL asked once for each. */
    @Test
    void unknownKeysShareTheirQuestionsToTheDatabase() {
        String known = Guarded.key(hub, "User:known");
        assertThat(status(hub, known)).isEqualTo(200);
        long began = System.nanoTime();
        long before = hub.connectionsTaken();

        List<CompletableFuture<Answer>> answers = IntStream.range(0, 400)
                .mapToObj(i -> plain.getLater(
                        "/v1/limits", "Authorization", "Bearer mr_" + (100_000_000_000L + i) + known.substring(15)))
                .toList();

        assertThat(answers).allSatisfy(answer -> answer.join().hasStatus(401));
        long asked = hub.connectionsTaken() - before;
        long millis = (System.nanoTime() - began) / 1_000_000;
        assertThat(asked).isBetween(1L, 20 + millis / 50);
        assertThat(asked).isLessThan(200);
    }

    @Test
    void rotationOverlaps() {
        String old = Guarded.key(hub, "User:turning");
        String id = old.split("_")[1];

        // By its own user, who may do nothing else.
        JsonNode rotated = plain.post(
                        "/v1/keys/" + id + "/rotation",
                        HttpApi.JSON,
                        "{\"overlap_ms\":2000}",
                        "Authorization",
                        "Bearer " + old)
                .hasStatus(201)
                .json();
        String fresh = rotated.path("key").asString();

        assertThat(rotated.path("about").path("principal").asString()).isEqualTo("User:turning");
        assertThat(fresh).isNotEqualTo(old);
        assertThat(status(hub, old)).isEqualTo(200);
        assertThat(status(hub, fresh)).isEqualTo(200);
        await().until(() -> status(hub, old) == 401);
        assertThat(status(hub, fresh)).isEqualTo(200);
        api.post("/v1/keys/" + id + "/rotation", HttpApi.JSON, "{}").isProblem(404, "unknown_key", null);
    }

    @Test
    void nobodyRotatesTheKeyOfAnother() {
        String mine = Guarded.key(hub, "User:curious");
        String theirs = Guarded.key(hub, Guarded.ADMIN).split("_")[1];

        plain.post("/v1/keys/" + theirs + "/rotation", HttpApi.JSON, "{}", "Authorization", "Bearer " + mine)
                .isProblem(403, "forbidden", null);
    }

    @Test
    void listsHavePages() {
        for (int i = 0; i < 5; i++) {
            Guarded.key(hub, "User:paged");
        }
        List<String> ids = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = api.get("/v1/keys?principal=User:paged&limit=2" + after)
                    .hasStatus(200)
                    .json();
            page.path("keys").forEach(key -> ids.add(key.path("key_id").asString()));
            after = page.path("next").isNull()
                    ? ""
                    : "&after=" + page.path("next").asString();
        } while (!after.isEmpty());

        assertThat(ids).hasSize(5).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aRuleIsAddedOnceAndRemoved() {
        String rule =
                "{\"principal\":\"User:ruled\",\"operation\":\"write\",\"resource_type\":\"topic\",\"resource_name\":\"r-\","
                    + "\"pattern_type\":\"prefixed\"}";
        hub.createTopic("r-1", 1);
        String key = Guarded.key(hub, "User:ruled");
        assertThat(produced(hub, key)).isEqualTo(403);

        JsonNode added = api.post("/v1/acls", HttpApi.JSON, rule).hasStatus(201).json();
        JsonNode again = api.post("/v1/acls", HttpApi.JSON, rule).hasStatus(200).json();

        assertThat(again).isEqualTo(added);
        assertThat(added.path("permission").asString()).isEqualTo("allow");
        await().until(() -> produced(second, key) == 200);
        JsonNode listed = other.get("/v1/acls?principal=User:ruled&resource_type=topic&resource_name=r-")
                .hasStatus(200)
                .json();
        assertThat(listed.path("acls")).hasSize(1);
        assertThat(listed.path("acls").path(0)).isEqualTo(added);

        other.send("DELETE", "/v1/acls/" + added.path("acl_id").asLong(), none())
                .hasStatus(204);

        await().until(() -> produced(hub, key) == 403);
        other.send("DELETE", "/v1/acls/" + added.path("acl_id").asLong(), none())
                .isProblem(404, "unknown_acl", null);
    }

    /** An operator's own tools need no hub. */
    @Test
    void aRuleThatWasInsertedInSqlCounts() {
        hub.createTopic("sql", 1);
        String key = Guarded.key(hub, "User:dba");
        hub.bean(JdbcClient.class)
                .sql("insert into millrace.acl (principal, permission, operation, resource_type, pattern_type,"
                        + " resource_name) values ('User:dba', 'allow', 'describe', 'topic', 'literal', 'sql')")
                .update();

        await().until(() ->
                plain.get("/v1/topics/sql", "Authorization", "Bearer " + key).status() == 200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/v1/keys | {} | #/principal",
                "/v1/keys | {'principal':'alice'} | #/principal",
                "/v1/keys | {'principal':'User:*'} | #/principal",
                "/v1/keys | {'principal':'Group:a'} | #/principal",
                "/v1/keys | {'principal':'User:a\\u0000'} | #/principal",
                "/v1/keys | {'principal':'User:a','expires_in_ms':0} | #/expires_in_ms",
                "/v1/keys | {'principal':'User:a','description':'a\\nb'} | #/description",
                "/v1/keys | {'principal':'User:a','key':'mr_x'} | #/key",
                "/v1/acls | {'principal':'User:a','operation':'read','resource_type':'topic'} | #/resource_name",
                "/v1/acls | {'principal':'a','operation':'read','resource_type':'topic','resource_name':'t'} |"
                        + " #/principal",
                "/v1/acls | {'principal':'User:a','operation':'see','resource_type':'topic','resource_name':'t'} |"
                        + " #/operation",
                "/v1/acls | {'principal':'User:a','operation':'read','resource_type':'disk','resource_name':'t'} |"
                        + " #/resource_type",
                "/v1/acls | {'principal':'User:a','operation':'read','resource_type':'topic','resource_name':'t*'} |"
                        + " #/resource_name",
                "/v1/acls | {'principal':'User:a','operation':'read','resource_type':'cluster','resource_name':'t'} |"
                        + " #/resource_name",
                "/v1/acls |"
                    + " {'principal':'User:a','operation':'read','resource_type':'topic','resource_name':'*','pattern_type':'prefixed'}"
                    + " | #/resource_name",
                "/v1/acls |"
                    + " {'principal':'User:a','permission':'maybe','operation':'read','resource_type':'topic','resource_name':'t'}"
                    + " | #/permission",
            })
    void wrongInputIsRefusedWithItsPlace(String path, String body, String pointer) {
        api.post(path.strip(), HttpApi.JSON, body.strip().replace('\'', '"'))
                .isProblem(400, "invalid_request", pointer.strip());
    }

    private static int status(Hub node, String key) {
        return raw(node, "GET", "/v1/limits", null, key);
    }

    private static int produced(Hub node, String key) {
        return raw(node, "POST", "/v1/topics/r-1/records", "{\"records\":[{\"value\":1}]}", key);
    }

    private static int raw(Hub node, String method, String path, @Nullable String body, String key) {
        HttpApi at = node == hub ? plain : otherPlain;
        return body == null
                ? at.send(method, path, none(), "Authorization", "Bearer " + key)
                        .status()
                : at.post(path, HttpApi.JSON, body, "Authorization", "Bearer " + key)
                        .status();
    }

    private static java.net.http.HttpRequest.BodyPublisher none() {
        return java.net.http.HttpRequest.BodyPublishers.noBody();
    }
}
