package io.millrace.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Certificates;
import io.millrace.testing.Hub;
import io.millrace.testing.SecretVolume;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Clients that prove who they are by a certificate (mutual TLS). */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class ClientCertificatesIT {

    private static final String TRUST = "spring.ssl.bundle.pem.hub.truststore.certificate=";

    @TempDir
    private static Path files;

    private static X509Bundle authority;
    private static X509Bundle billing;
    private static X509Bundle stranger;
    private static SecretVolume secret;

    @BeforeAll
    static void certificates() throws Exception {
        authority = Certificates.authority();
        billing = Certificates.client(authority, "CN=billing");
        stranger = Certificates.client(Certificates.authority(), "CN=billing");
        secret = new SecretVolume(files, Certificates.server(authority));
    }

    @Test
    void aWantedCertificateIsSeenBelowAndAboveWebFlux(CapturedOutput output) throws Exception {
        Seen seen = new Seen();
        try (Hub hub = start(seen, "want", TRUST + trusted())) {
            hub.createTopic("bills", 1);
            try (HttpClient known = client(billing)) {
                assertThat(produce(hub, known, "application/x-ndjson", "{\"value\":1}"))
                        .isEqualTo(200);
                assertThat(seen.below.take()).contains(billing.getCertificate());
                assertThat(seen.above.take()).contains(billing.getCertificate());
                // The hub knows the topic by now, and DirectProduce answers.
                assertThat(produce(hub, known, "application/json", "{\"records\":[{\"value\":1}]}"))
                        .isEqualTo(200);
                assertThat(seen.below.take()).contains(billing.getCertificate());
                assertThat(seen.above).isEmpty();
            }
            try (HttpClient unknown = client(null)) {
                assertThat(produce(hub, unknown, "application/x-ndjson", "{\"value\":1}"))
                        .isEqualTo(200);
                assertThat(seen.below.take()).isEmpty();
                assertThat(seen.above.take()).isEmpty();
            }
            try (HttpClient other = client(stranger)) {
                assertThatThrownBy(() -> produce(hub, other, "application/x-ndjson", "{\"value\":1}"))
                        .isInstanceOf(IOException.class);
            }
            await().untilAsserted(() -> assertThat(output).contains("the TLS handshake of /127.0.0.1"));
            assertThat(output).contains("PKIX path validation failed").doesNotContain("\tat ");
            assertThat(seen.below).isEmpty();
        }
    }

    @Test
    void withoutANeededCertificateNothingIsServed() throws Exception {
        Seen seen = new Seen();
        try (Hub hub = start(seen, "need", TRUST + trusted());
                HttpClient known = client(billing);
                HttpClient unknown = client(null)) {
            hub.createTopic("bills", 1);

            assertThat(produce(hub, known, "application/json", "{\"records\":[{\"value\":1}]}"))
                    .isEqualTo(200);
            assertThat(seen.below.take()).contains(billing.getCertificate());
            assertThatThrownBy(() -> produce(hub, unknown, "application/json", "{\"records\":[{\"value\":1}]}"))
                    .isInstanceOf(IOException.class);
            assertThat(seen.below).isEmpty();
        }
    }

    /** Java's own authorities would accept the certificate of anybody. */
    @Test
    void certificatesOfClientsAreNotAskedForWithoutAnAuthority(CapturedOutput output) {
        assertThatThrownBy(() -> start(new Seen(), "want")).isInstanceOf(RuntimeException.class);
        assertThat(output)
                .contains("server.ssl.client-auth", "set spring.ssl.bundle.pem.<bundle>.truststore.certificate")
                .doesNotContain("\tat ");
    }

    private static Hub start(Seen seen, String clientAuth, String... more) {
        String[] settings = new String[more.length + 4];
        settings[0] = "server.ssl.bundle=hub";
        settings[1] = "server.ssl.client-auth=" + clientAuth;
        settings[2] = "spring.ssl.bundle.pem.hub.keystore.certificate=" + secret.certificate();
        settings[3] = "spring.ssl.bundle.pem.hub.keystore.private-key=" + secret.key();
        System.arraycopy(more, 0, settings, 4, more.length);
        return Hub.startWith(Seen.class, seen, settings);
    }

    private static Path trusted() throws IOException {
        return Certificates.file(files.resolve("ca.crt"), authority);
    }

    private static HttpClient client(@Nullable X509Bundle certificate) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(Certificates.trusting(authority, certificate))
                .build();
    }

    private static int produce(Hub hub, HttpClient client, String type, String body) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(
                                        URI.create("https://localhost:" + hub.port() + "/v1/topics/bills/records"))
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    /** Notes the client's certificate of each request: before the routes that bypass WebFlux, and in WebFlux. */
    private static final class Seen implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, WebFilter {

        private final BlockingQueue<Optional<X509Certificate>> below = new LinkedBlockingQueue<>();
        private final BlockingQueue<Optional<X509Certificate>> above = new LinkedBlockingQueue<>();

        @Override
        public void customize(NettyReactiveWebServerFactory factory) {
            factory.addRouteProviders(routes -> routes.route(
                    request -> {
                        below.add(Optional.ofNullable(ClientCertificates.of(Connections.of(request))));
                        return false;
                    },
                    (_, _) -> Mono.empty()));
        }

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
            above.add(Optional.ofNullable(ClientCertificates.of(Connections.of(exchange.getRequest()))));
            return chain.filter(exchange);
        }
    }
}
