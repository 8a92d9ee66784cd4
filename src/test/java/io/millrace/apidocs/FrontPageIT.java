package io.millrace.apidocs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The address that the hub logs leads to everything else. */
class FrontPageIT {

    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static Hub hub;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        hub.close();
    }

    @Test
    void aBrowserGetsAPageWhoseLinksAllLeadSomewhere() throws Exception {
        HttpResponse<String> page = get("/", BROWSER);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.body()).doesNotContain("<script", "<style", "style=");
        List<String> links = Pattern.compile("href=\"([^\"]+)\"")
                .matcher(page.body())
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
        assertThat(links).contains("/swagger-ui.html", "/openapi", "/asyncapi.yaml", "/docs/errors", "/readyz");
        for (String link : links) {
            assertThat(get(link, BROWSER).statusCode()).as(link).isEqualTo(200);
        }
    }

    @Test
    void aProgramGetsTheSameLinksAsJson() throws Exception {
        HttpResponse<String> answer = get("/", "*/*");

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        JsonNode document = JsonMapper.shared().readTree(answer.body());
        assertThat(document.path("name").asString()).isEqualTo("Millrace");
        assertThat(document.path("version").asString()).matches("\\d+\\.\\d+\\.\\d+.*");
        for (JsonNode link : document.path("links")) {
            assertThat(get(link.asString(), "*/*").statusCode())
                    .as(link.asString())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html                          | text/html;charset=UTF-8",
                "application/json                   | application/json",
                "text/html;q=0.5, application/json  | application/json",
                "text/html, application/json;q=0.9  | text/html;charset=UTF-8",
                "image/png                          | application/json",
            })
    void thePreferredTypeIsAnswered(String accept, String type) throws Exception {
        assertThat(get("/", accept).headers().firstValue("Content-Type")).hasValue(type);
    }

    @Test
    void theDescriptionOfTheMessagesIsServed() throws Exception {
        HttpResponse<String> document = get("/asyncapi.yaml", "*/*");

        assertThat(document.headers().firstValue("Content-Type")).hasValue("application/yaml");
        assertThat(document.body()).isEqualTo(Files.readString(Path.of("openapi/asyncapi.yaml")));
    }

    private static HttpResponse<String> get(String path, String accept) throws Exception {
        return client.send(
                HttpRequest.newBuilder(hub.http(path)).header("Accept", accept).build(), BodyHandlers.ofString());
    }
}
