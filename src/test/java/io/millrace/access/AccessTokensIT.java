package io.millrace.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.access.Acl.RuleOperation;
import io.millrace.security.Permission.Resource;
import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Access tokens of an identity provider. */
class AccessTokensIT {

    private static OidcIssuer issuer;
    private static Hub hub;

    @BeforeAll
    static void start() {
        issuer = new OidcIssuer();
        hub = Guarded.start(
                "millrace.security.oidc.issuer=" + issuer.url(),
                "millrace.security.oidc.audience=" + OidcIssuer.AUDIENCE);
        hub.createTopic("users", 1);
        hub.createTopic("groups", 1);
        Guarded.allow(hub, "User:alice", RuleOperation.DESCRIBE, Resource.TOPIC, "users");
        Guarded.allow(hub, "Group:analysts", RuleOperation.DESCRIBE, Resource.TOPIC, "groups");
        Guarded.allow(hub, "User:alice", RuleOperation.READ, Resource.TOPIC, "users");
    }

    @AfterAll
    static void stop() {
        hub.close();
        issuer.close();
    }

    @Test
    void aTokenIsItsUserAndItsGroups() {
        String token = issuer.token(claims -> claims);

        await().until(() -> status(token, "/v1/topics/users") == 200);
        assertThat(status(token, "/v1/topics/groups")).isEqualTo(200);
        assertThat(status(issuer.token(claims -> claims.claim("groups", "analysts")), "/v1/topics/groups"))
                .isEqualTo(200);
        assertThat(status(issuer.token(claims -> claims.claim("groups", null)), "/v1/topics/groups"))
                .isEqualTo(403);
        assertThat(status(issuer.token(claims -> claims.subject("bob")), "/v1/topics/users"))
                .isEqualTo(403);
    }

    static Stream<Map.Entry<String, String>> wrong() {
        OidcIssuer by = issuer;
        Instant past = Instant.now().minusSeconds(120);
        String good = by.token(claims -> claims);
        return Stream.of(
                Map.entry("expired", by.token(claims -> claims.expirationTime(Date.from(past)))),
                Map.entry(
                        "not yet valid",
                        by.token(claims ->
                                claims.notBeforeTime(Date.from(Instant.now().plusSeconds(120))))),
                Map.entry("without an end", by.token(claims -> claims.expirationTime(null))),
                Map.entry("of another issuer", by.token(claims -> claims.issuer("https://evil.example.org"))),
                Map.entry("for another service", by.token(claims -> claims.audience("billing"))),
                Map.entry("for nobody", by.token(claims -> claims.audience((String) null))),
                Map.entry("without a user", by.token(claims -> claims.subject(null))),
                Map.entry("of all users", by.token(claims -> claims.subject("*"))),
                Map.entry("of a user with a line break", by.token(claims -> claims.subject("a\nb"))),
                Map.entry("signed by another key of the same name", by.forged("first")),
                Map.entry("signed by an unknown key", by.forged("other")),
                Map.entry("signed with the public key as secret", by.confused()),
                Map.entry("unsigned", "eyJhbGciOiJub25lIn0." + good.split("\\.")[1] + "."),
                Map.entry("changed", good.replaceFirst("\\.[^.]", ".f")),
                Map.entry("no token", "nonsense"),
                Map.entry("nothing but dots", ".."),
                Map.entry("a key of no form", "mr_short"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongTokenIsRefused(Map.Entry<String, String> token) {
        assertThat(status(token.getValue(), "/v1/topics/users"))
                .as(token.getKey())
                .isEqualTo(401);
        assertThat(status(token.getValue(), "/v1/topics/users"))
                .as(token.getKey())
                .isEqualTo(401);
    }

    @Test
    void theProvidersKeysCanBeRotatedAndUnknownOnesDoNotMakeTheNodeAskForEver() {
        try (OidcIssuer own = new OidcIssuer();
                Hub node = Guarded.start(
                        "millrace.security.oidc.issuer=" + own.url(),
                        "millrace.security.oidc.audience=" + OidcIssuer.AUDIENCE)) {
            assertThat(status(node, own.token(claims -> claims), "/v1/limits")).isEqualTo(200);
            own.rotate("second");

            assertThat(status(node, own.token(claims -> claims), "/v1/limits")).isEqualTo(200);
            int before = own.keyRequests();
            for (int i = 0; i < 20; i++) {
                assertThat(status(node, own.forged("unknown" + i), "/v1/limits"))
                        .isIn(401, 503);
            }
            assertThat(own.keyRequests() - before).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aNodeThatCannotAskTheProviderSaysSoAndTakesWhatItKnows() {
        try (OidcIssuer own = new OidcIssuer();
                Hub node = Guarded.start(
                        "millrace.security.oidc.issuer=" + own.url(),
                        "millrace.security.oidc.audience=" + OidcIssuer.AUDIENCE)) {
            own.away(true);
            String token = own.token(claims -> claims);
            assertThat(status(node, token, "/v1/limits")).isEqualTo(503);
            own.away(false);
            assertThat(status(node, token, "/v1/limits")).isEqualTo(200);
            own.away(true);

            assertThat(status(node, token, "/v1/limits")).isEqualTo(200);
            assertThat(status(node, own.token(claims -> claims.subject("new")), "/v1/limits"))
                    .isEqualTo(200);
            assertThat(status(node, Guarded.key(node, "User:keyed"), "/v1/limits"))
                    .isEqualTo(200);
        }
    }

    @Test
    void aWebSocketIsClosedWhenItsTokenExpires() {
        hub.present(issuer.token(
                claims -> claims.expirationTime(Date.from(Instant.now().plusSeconds(2)))));
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'a','topics':['users'],'credits':9}")
                    .next("assigned");

            assertThat(client.closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void severalHeadersAndOtherSchemesAreRefused() {
        String key = Guarded.key(hub, "User:alice");
        for (List<String> values : List.of(
                List.of("Basic YWxpY2U6c2VjcmV0"),
                List.of("Bearer"),
                List.of("Bearer "),
                List.of(key),
                List.of("Bearer " + key, "Bearer " + key))) {
            String[] headers = values.stream()
                    .flatMap(value -> Stream.of("Authorization", value))
                    .toArray(String[]::new);
            hub.present(null);
            assertThat(hub.client()
                            .send("GET", "/v1/limits", java.net.http.HttpRequest.BodyPublishers.noBody(), headers)
                            .join()
                            .status())
                    .as("%s", values.size())
                    .isEqualTo(401);
        }
    }

    private static int status(String token, String path) {
        return status(hub, token, path);
    }

    private static int status(Hub node, String token, String path) {
        node.present(token);
        try {
            return node.client().get(path).status();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
