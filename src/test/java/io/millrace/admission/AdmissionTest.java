package io.millrace.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.HubException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests a hub at 192.0.2.7 serves. */
class AdmissionTest {

    private static final InetAddress LOCAL = InetAddress.ofLiteral("192.0.2.7");
    private static final String SHOP = "https://shop.example";

    private final HubHosts hosts = new HubHosts(
            List.of("hub.example.org", "*.hubs.example", "10.9.9.9"), InetAddress.ofLiteral("192.0.2.8")::equals);
    private final AdmissionRules closed = new AdmissionRules(hosts, new AllowedOrigins(List.of()));
    private final AdmissionRules shop = new AdmissionRules(hosts, new AllowedOrigins(List.of(SHOP + "/")));
    private final AdmissionRules open =
            new AdmissionRules(new HubHosts(List.of("*"), _ -> false), new AllowedOrigins(List.of("*")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "LocalHost.",
                "a.localhost:1",
                "127.0.0.1",
                "127.8.9.10:8080",
                "[::1]",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]:8080",
                "192.0.2.7:30080",
                "192.0.2.8",
                "10.9.9.9:1",
                "hub.example.org",
                "HUB.example.org:443",
                "hub.example.org.",
                "eu.hubs.example",
                "a.b.hubs.example:80"
            })
    void theHubsNamesAreAccepted(String host) {
        assertThat(decide(closed, "GET /v1/topics", "Host: " + host)).isEqualTo("plain");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "xlocalhost",
                ".localhost.evil",
                "hubs.example",
                "evilhubs.example",
                ".hubs.example",
                "192.0.2.9",
                "[::2]:8080",
                "[::ffff:10.0.0.1]",
                "127.1",
                "2130706433",
                "0177.0.0.1",
                "127.0.0.1.",
                "1.2.3.999",
                "hub",
                ""
            })
    void otherNamesAreRefused(String host) {
        // these may also be read as loopback addresses
        String expected =
                host.equals("127.0.0.1.") || host.equals("0177.0.0.1") ? "plain|unknown_host" : "unknown_host";
        assertThat(decide(closed, "GET /v1/topics", "Host: " + host)).isIn((Object[]) expected.split("\\|"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "user@localhost",
                "http://localhost",
                "localhost/",
                "localhost:80:80",
                "localhost:x",
                "localhost:-1",
                "localhost:123456",
                "[::1",
                "::1",
                "[]",
                "localhost#",
                "lücke"
            })
    void malformedHostsAreInvalid(String host) {
        assertThat(decide(closed, "GET /v1/topics", "Host: " + host)).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "hub", "198.51.100.1", "[2001:db8::1]:8080"})
    void anAsteriskStandsForEveryName(String host) {
        assertThat(decide(closed, "GET /v1/topics", "Host: " + host)).isEqualTo("unknown_host");
        assertThat(decide(open, "GET /v1/topics", "Host: " + host)).isEqualTo("plain");
    }

    @Test
    void aRequestHasOneHost() {
        assertThat(decide(closed, "GET /")).isEqualTo("invalid_request");
        assertThat(decide(closed, "GET /", "Host: localhost", "Host: localhost"))
                .isEqualTo("invalid_request");
        assertThat(decide(closed, request(HttpVersion.HTTP_1_0, "GET /"))).isEqualTo("plain");
        assertThat(decide(closed, request(HttpVersion.HTTP_1_0, "GET /", "Host: evil.example")))
                .isEqualTo("unknown_host");
    }

    @Test
    void anAbsoluteTargetNamesTheHost() {
        assertThat(decide(closed, "GET http://localhost:1/v1/topics", "Host: evil.example"))
                .isEqualTo("plain");
        assertThat(decide(closed, "GET http://evil.example/v1/topics", "Host: localhost"))
                .isEqualTo("unknown_host");
        assertThat(decide(closed, "GET http://evil.example?x", "Host: localhost"))
                .isEqualTo("unknown_host");
        assertThat(decide(closed, "GET http://localhost@evil.example/", "Host: localhost"))
                .isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,  http://localhost:8080,    plain",
        "LOCALHOST:8080,  http://localhost:8080,    plain",
        "hub.example.org, https://hub.example.org,  plain",
        "localhost:8080,  http://localhost:3000,    foreign_origin",
        "localhost:8080,  http://localhost,         foreign_origin",
        "localhost:8080,  http://127.0.0.1:8080,    foreign_origin",
        "localhost:8080,  http://a.localhost:8080,  foreign_origin",
        "localhost:8080,  null,                     foreign_origin",
        "localhost:8080,  file://,                  foreign_origin",
        "localhost:8080,  ftp://localhost:8080,     foreign_origin",
        "localhost:8080,  localhost:8080,           foreign_origin",
        "localhost:8080,  https://evil.example,     foreign_origin",
        "localhost:8080,  https://shop.example.evil.example, foreign_origin",
        "localhost:8080,  http://shop.example,      foreign_origin",
        "localhost:8080,  https://shop.example,     https://shop.example",
        "localhost:8080,  https://SHOP.example,     https://SHOP.example",
        "evil.example,    https://shop.example,     unknown_host",
        "evil.example,    http://evil.example,      unknown_host",
    })
    void pagesAreTheHubsOwnOrAllowed(String host, String origin, String expected) {
        for (String request :
                List.of("POST /v1/topics", "GET /v1/ws", "GET /v1/topics/t/stream", "DELETE /v1/topics/t")) {
            assertThat(decide(shop, request, "Host: " + host, "Origin: " + origin))
                    .as(request)
                    .isEqualTo(expected);
        }
    }

    @Test
    void twoOriginsAreInvalid() {
        assertThat(decide(shop, "GET /", "Host: localhost", "Origin: " + SHOP, "Origin: " + SHOP))
                .isEqualTo("invalid_request");
    }

    @Test
    void preflightRequestsAreRecognisedForAllowedPages() {
        String[] asking = {"Host: localhost", "Origin: " + SHOP, "Access-Control-Request-Method: DELETE"};

        assertThat(decide(shop, "OPTIONS /v1/topics/t", asking)).isEqualTo("preflight " + SHOP);
        assertThat(decide(closed, "OPTIONS /v1/topics/t", asking)).isEqualTo("foreign_origin");
        assertThat(decide(shop, "OPTIONS /v1/topics/t", "Host: localhost", "Origin: " + SHOP))
                .isEqualTo(SHOP);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1/topics,                  same-origin, cors,     empty,    plain",
        "GET /v1/topics,                  none,        navigate, document, plain",
        "GET /v1/groups/g/stream,         none,        navigate, document, plain",
        "GET /v1/topics,                  cross-site,  no-cors,  image,    foreign_origin",
        "GET /v1/topics,                  same-site,   no-cors,  empty,    foreign_origin",
        "GET /v1/groups/g/stream,         cross-site,  no-cors,  image,    foreign_origin",
        "GET /v1/groups/g/stream,         cross-site,  navigate, document, foreign_origin",
        "GET /v1/topics,                  cross-site,  navigate, document, foreign_origin",
        "GET /v1/ws,                      cross-site,  websocket, websocket, foreign_origin",
        "GET /%761/groups/g/stream,       cross-site,  navigate, document, foreign_origin",
        "GET //v1/groups/g/stream,        cross-site,  navigate, document, foreign_origin",
        "GET /swagger-ui/../v1/topics,    cross-site,  no-cors,  image,    foreign_origin",
        "GET /,                           cross-site,  navigate, document, plain",
        "GET /?x=/v1,                     same-site,   navigate, document, plain",
        "GET /swagger-ui.html,            cross-site,  navigate, document, plain",
        "GET /swagger-ui/index.html,      cross-site,  navigate, document, plain",
        "GET /docs/errors?a=b,            cross-site,  navigate, document, plain",
        "GET /actuator/health,            same-site,   navigate, document, plain",
        "GET /swagger-ui/index.html,      cross-site,  navigate, iframe,   foreign_origin",
        "GET /swagger-ui/index.html,      cross-site,  no-cors,  script,   foreign_origin",
        "POST /swagger-ui/index.html,     cross-site,  navigate, document, foreign_origin",
        "GET /docs/errors,                elsewhere,   no-cors,  image,    foreign_origin",
    })
    void requestsThatBrowsersMarkAsForeignAreRefusedExceptLinksToPages(
            String request, String site, String mode, String destination, String expected) {
        String[] marked = {
            "Host: localhost:8080",
            "Sec-Fetch-Site: " + site,
            "Sec-Fetch-Mode: " + mode,
            "Sec-Fetch-Dest: " + destination
        };

        assertThat(decide(shop, request, marked)).isEqualTo(expected);
        assertThat(decide(open, request, marked)).isEqualTo("plain");
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1/topics,                                  '',                            plain",
        "GET /v1/topics/t/stream,                         '',                            plain",
        "GET /v1/groups,                                  '',                            plain",
        "GET /v1/groups/g,                                '',                            plain",
        "GET /v1/groups/g/stream?topics=t&commit=auto,    '',                            foreign_origin",
        "HEAD /v1/groups/g/members/m/records,             '',                            foreign_origin",
        "GET /%761/groups/g/stream,                       '',                            foreign_origin",
        "GET /v1/groups/g/stream;a=b,                     '',                            foreign_origin",
        "GET /v1/ws,                                      '',                            foreign_origin",
        "POST /v1/topics/t/records,                       '',                            foreign_origin",
        "DELETE /v1/topics/t,                             '',                            foreign_origin",
        "GET /v1/groups/g/stream,                         http://192.0.2.7:8080/swagger, plain",
        "POST /v1/topics/t/records,                       http://192.0.2.7:8080/swagger, plain",
        "GET /v1/groups/g/stream,                         https://shop.example/x,        plain",
        "GET /v1/groups/g/stream,                         http://192.0.2.7/swagger,      foreign_origin",
        "GET /v1/groups/g/stream,                         https://evil.example/192.0.2.7:8080, foreign_origin",
        "POST /v1/topics/t/records,                       about:blank,                   foreign_origin",
    })
    void aBrowserThatDoesNotSayWhichSiteItIsMayOnlyRead(String request, String referrer, String expected) {
        String[] headers = {
            "Host: 192.0.2.7:8080",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
            "Accept: text/event-stream",
            "Referer: " + referrer
        };

        assertThat(decide(shop, request, headers)).isEqualTo(expected);
        assertThat(decide(open, request, headers)).isEqualTo("plain");
        assertThat(decide(shop, request, "Host: 192.0.2.7:8080", "User-Agent: curl/8.5.0"))
                .isEqualTo("plain");
        assertThat(decide(shop, request, "Host: 192.0.2.7:8080")).isEqualTo("plain");
    }

    @Test
    void theHostIsCheckedAnewWhenItChanges() {
        Admission connection = new Admission(closed, LOCAL);

        assertThat(decide(connection, request(HttpVersion.HTTP_1_1, "GET /", "Host: localhost")))
                .isEqualTo("plain");
        assertThat(decide(connection, request(HttpVersion.HTTP_1_1, "GET /", "Host: evil.example")))
                .isEqualTo("unknown_host");
        assertThat(decide(connection, request(HttpVersion.HTTP_1_1, "GET /", "Host: evil.example")))
                .isEqualTo("unknown_host");
        assertThat(decide(connection, request(HttpVersion.HTTP_1_1, "GET /", "Host: localhost")))
                .isEqualTo("plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://hub", "hub:8080", "a b", "*.", "a.*.b", "ünder"})
    void anInvalidHostStopsTheStart(String host) {
        assertThatThrownBy(() -> new HubHosts(List.of(host), _ -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("millrace.http.hosts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:3000", "http://", "http://a/b", "https://*.example.org", "file"})
    void anInvalidOriginStopsTheStart(String origin) {
        assertThatThrownBy(() -> new AllowedOrigins(List.of(origin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("millrace.http.allowed-origins");
    }

    private static String decide(AdmissionRules rules, String requestLine, String... headers) {
        return decide(rules, request(HttpVersion.HTTP_1_1, requestLine, headers));
    }

    private static String decide(AdmissionRules rules, HttpRequest request) {
        return decide(new Admission(rules, LOCAL), request);
    }

    private static String decide(Admission admission, HttpRequest request) {
        try {
            Admitted admitted = admission.admit(request);
            String origin = admitted.origin() == null ? "plain" : admitted.origin();
            return admitted.preflight() ? "preflight " + origin : origin;
        } catch (HubException refusal) {
            return refusal.error().code();
        }
    }

    private static HttpRequest request(HttpVersion version, String requestLine, String... headers) {
        String[] words = requestLine.split(" ");
        HttpRequest request = new DefaultHttpRequest(version, HttpMethod.valueOf(words[0]), words[1]);
        for (String header : headers) {
            String[] parts = header.split(": ?", 2);
            if (!parts[0].equals("Referer") || !parts[1].isEmpty()) {
                request.headers().add(parts[0], parts[1]);
            }
        }
        return request;
    }
}
