package io.millrace.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.millrace.append.Appender;
import io.millrace.codec.RecordParser;
import io.millrace.testing.Chromium;
import io.millrace.testing.Hub;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Strangers' pages in a browser on the hub's own machine read, store and commit nothing, unless they are allowed to. A
 * hub that allows everything shows that the attempts would succeed.
 */
@EnabledIf("io.millrace.testing.Chromium#installed")
class ForeignPagesIT {

    private static final String EVIL = "evil.example";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Chromium chromium;
    private static HttpServer elsewhere;

    @BeforeAll
    static void start() throws IOException {
        chromium = Chromium.start(EVIL);
        chromium.browser().manage().timeouts().scriptTimeout(Duration.ofMinutes(1));
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] page = "<!doctype html><title>elsewhere</title><body>".getBytes(StandardCharsets.UTF_8);
        elsewhere.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        elsewhere.start();
    }

    @AfterAll
    static void stop() throws IOException {
        elsewhere.stop(0);
        chromium.close();
    }

    @Test
    void aPageOnAnotherPortOfThisMachineDoesNothing() throws Exception {
        nothingHappens(foreign("localhost"), "localhost");
        nothingHappens(foreign("127.0.0.1"), "127.0.0.1");
    }

    @Test
    void aPageOfAnotherSiteDoesNothing() throws Exception {
        nothingHappens(foreign(EVIL), "127.0.0.1");
    }

    @Test
    void aFileDoesNothing(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("page.html"), "<!doctype html><title>file</title><body>");

        nothingHappens(file.toUri().toString(), "localhost");
    }

    @Test
    void aPageWhoseNameWasMadeToPointAtTheHubDoesNothing() throws Exception {
        try (Hub hub = hub()) {
            // The browser takes the hub's answers here for the stranger's own page.
            nothingHappens(hub, "http://" + EVIL + ":" + hub.port() + "/", EVIL);
        }
    }

    private static void nothingHappens(String page, String hubName) throws Exception {
        try (Hub hub = hub()) {
            nothingHappens(hub, page, hubName);
        }
    }

    private static void nothingHappens(Hub hub, String page, String hubName) throws Exception {
        Map<String, String> before = state(hub);

        Map<String, String> seen = attack(hub, page, hubName);

        assertThat(seen).hasSize(14).allSatisfy((_, got) -> assertThat(got)
                .matches("(?s)nothing|421 .*unknown_host.*"));
        assertThat(state(hub)).isEqualTo(before);
    }

    @Test
    void withoutTheRulesTheSamePagesWouldDoAnything() throws Exception {
        try (Hub hub = hub("millrace.http.hosts=*", "millrace.http.allowed-origins=*")) {
            Map<String, String> seen = attack(hub, foreign(EVIL), "127.0.0.1");

            assertThat(seen.get("read")).contains("secret");
            assertThat(seen.get("socket")).contains("secret");
            assertThat(seen.get("events")).contains("secret");
            assertThat(seen.get("member")).contains("secret");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(state(hub))
                    .containsEntry("values", "json secret socket beacon form=form text")
                    .containsEntry("topics", "created t")
                    .containsEntry("groups", "member silent"));
        }
        try (Hub hub = hub("millrace.http.hosts=*", "millrace.http.allowed-origins=*")) {
            Map<String, String> seen = attack(hub, "http://" + EVIL + ":" + hub.port() + "/", EVIL);

            assertThat(seen.get("read")).contains("secret");
            assertThat(state(hub)).containsEntry("topics", "created t");
        }
    }

    @Test
    void anAllowedPageCanDoEverything() throws Exception {
        String page = foreign("localhost");
        try (Hub hub = hub("millrace.http.allowed-origins=" + page.substring(0, page.length() - 1))) {
            chromium.browser().get(page);

            Object seen = chromium.browser().executeAsyncScript(script("allowed.js"), "http://localhost:" + hub.port());

            assertThat(seen)
                    .asString()
                    .isEqualTo("created flights, produced 0, etag true, read 1, lines 1, event 1, committed 1,"
                            + " refused 404 retryable false, socket 2, deleted 204");
            // another one is still refused
            assertThat(attack(hub, foreign("127.0.0.1"), "localhost"))
                    .allSatisfy((_, got) -> assertThat(got).isEqualTo("nothing"));
        }
    }

    private static Hub hub(String... settings) {
        Hub hub = Hub.start(settings);
        hub.createTopic("victim", 1);
        byte[] secret = "{\"records\":[{\"value\":\"secret\"}]}".getBytes(StandardCharsets.UTF_8);
        hub.bean(Appender.class)
                .append(
                        hub.createTopic("t", 1),
                        RecordParser.parseRequest(
                                secret, 0, secret.length, new io.millrace.event.RecordLimits(1000, 1, 1)))
                .join();
        return hub;
    }

    private static String foreign(String name) {
        return "http://" + name + ":" + elsewhere.getAddress().getPort() + "/";
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> attack(Hub hub, String page, String hubName) throws IOException {
        chromium.browser().get(page);
        return (Map<String, String>)
                chromium.browser().executeAsyncScript(script("attack.js"), "http://" + hubName + ":" + hub.port());
    }

    private static String script(String name) throws IOException {
        try (InputStream script = ForeignPagesIT.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> state(Hub hub) {
        JdbcClient jdbc = hub.bean(JdbcClient.class);
        Map<String, String> state = new TreeMap<>();
        Map.of(
                        "values",
                        "select string_agg(btrim(value_text, E'\\r\\n\"'), ' ' order by value_text collate \"C\")"
                                + " from millrace.record",
                        "topics",
                        "select string_agg(name, ' ' order by name) from millrace.topic",
                        "groups",
                        "select coalesce(string_agg(name, ' ' order by name), 'none') from millrace.consumer_group",
                        "offsets",
                        "select coalesce(sum(next_offset), 0)::text from millrace.committed_offset")
                .forEach((name, sql) ->
                        state.put(name, jdbc.sql(sql).query(String.class).single()));
        return state;
    }
}
