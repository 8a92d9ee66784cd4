package io.millrace.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.access.Acl.RuleOperation;
import io.millrace.security.Permission.Resource;
import io.millrace.testing.Certificates;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import io.millrace.testing.SecretVolume;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client's certificate is a credential: its subject is the user that rules are about. */
@Timeout(120)
class CertificateCallersIT {

    @TempDir
    private static Path files;

    private static X509Bundle authority;
    private static Hub hub;

    @BeforeAll
    static void start() throws Exception {
        authority = Certificates.authority();
        SecretVolume secret = new SecretVolume(files, Certificates.server(authority));
        hub = Guarded.start(
                "server.ssl.bundle=hub",
                "server.ssl.client-auth=want",
                "spring.ssl.bundle.pem.hub.keystore.certificate=" + secret.certificate(),
                "spring.ssl.bundle.pem.hub.keystore.private-key=" + secret.key(),
                "spring.ssl.bundle.pem.hub.truststore.certificate="
                        + Certificates.file(files.resolve("ca.crt"), authority));
        hub.createTopic("bills", 1);
        hub.createTopic("others", 1);
        Guarded.allow(hub, "User:CN=billing,O=Example", RuleOperation.WRITE, Resource.TOPIC, "bills");
        Guarded.allow(hub, "User:CN=brief", RuleOperation.READ, Resource.TOPIC, "bills");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void rulesAreAboutItsSubject() throws Exception {
        try (HttpClient billing = client(Certificates.client(authority, "CN=billing,O=Example"));
                HttpClient other = client(Certificates.client(authority, "CN=other,O=Example"));
                HttpClient none = client(null)) {
            for (int i = 0; i < 2; i++) {
                assertThat(produce(billing, "bills", null)).isEqualTo(200);
                assertThat(produce(billing, "others", null)).isEqualTo(403);
                assertThat(produce(other, "bills", null)).isEqualTo(403);
                assertThat(produce(none, "bills", null)).isEqualTo(401);
            }
            assertThat(stream(billing, "bills")).isEqualTo(403);
            assertThat(stream(none, "bills")).isEqualTo(401);
        }
    }

    /** Even on a connection that was recognised by its certificate before. */
    @Test
    void aKeyGoesBeforeIt() throws Exception {
        String admin = Guarded.key(hub, Guarded.ADMIN);
        String nobody = Guarded.key(hub, "User:nobody");
        try (HttpClient billing = client(Certificates.client(authority, "CN=billing,O=Example"))) {
            assertThat(produce(billing, "bills", null)).isEqualTo(200);
            assertThat(produce(billing, "bills", nobody)).isEqualTo(403);
            assertThat(produce(billing, "others", admin)).isEqualTo(200);
            assertThat(produce(billing, "others", null)).isEqualTo(403);
            assertThat(produce(billing, "bills", "mr_wrong")).isEqualTo(401);
            assertThat(produce(billing, "bills", null)).isEqualTo(200);
        }
    }

    @Test
    void aSubjectThatCannotBeAPrincipalIsNobody() throws Exception {
        try (HttpClient long201 = client(Certificates.client(authority, "CN=" + "x".repeat(198)));
                HttpClient long200 = client(Certificates.client(authority, "CN=" + "x".repeat(197)))) {
            assertThat(produce(long201, "bills", null)).isEqualTo(401);
            assertThat(produce(long200, "bills", null)).isEqualTo(403);
        }
    }

    /** Its connections stay open, and so do its streams, unless somebody ends them. */
    @Test
    void itsExpiryEndsItsStreams() throws Exception {
        X509Bundle brief = new CertificateBuilder()
                .subject("CN=brief")
                .ecp256()
                .notAfter(Instant.now().plusSeconds(4))
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(authority);
        try (HttpClient client = client(brief);
                InputStream events = client.send(
                                request("/v1/topics/bills/stream", null).build(), BodyHandlers.ofInputStream())
                        .body()) {
            assertThat(new String(events.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"type\":\"error\"", "unauthenticated");
            // On a connection from before.
            await().until(() -> produce(client, "bills", null) == 401);
        }
    }

    private static HttpClient client(@Nullable X509Bundle certificate) throws Exception {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Certificates.trusting(authority, certificate))
                .build();
    }

    /** NDJSON goes over WebFlux, and a JSON body past it. */
    private static int produce(HttpClient client, String topic, @Nullable String key) throws Exception {
        int json = send(client, topic, "application/json", "{\"records\":[{\"value\":1}]}", key);
        int ndjson = send(client, topic, "application/x-ndjson", "{\"value\":1}", key);
        assertThat(ndjson).isEqualTo(json);
        return json;
    }

    private static int send(HttpClient client, String topic, String type, String body, @Nullable String key)
            throws IOException, InterruptedException {
        return client.send(
                        request("/v1/topics/" + topic + "/records", key)
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static int stream(HttpClient client, String topic) throws Exception {
        return client.send(request("/v1/topics/" + topic + "/stream", null).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpRequest.Builder request(String path, @Nullable String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + hub.port() + path));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }
}
