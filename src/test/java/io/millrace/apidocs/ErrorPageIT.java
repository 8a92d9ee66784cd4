package io.millrace.apidocs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A problem's {@code type} leads to the section that explains it. */
class ErrorPageIT {

    private static Hub hub;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        hub.close();
    }

    @Test
    void theTypeOfAProblemIsAnAnchorOfTheServedPage() throws Exception {
        String problem = get("/v1/topics/none", "*/*").body();
        assertThat(problem).contains("\"type\":\"/docs/errors#unknown_topic\"");

        HttpResponse<String> page = get("/docs/errors#unknown_topic", "text/html,*/*;q=0.8");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.body()).contains("<h2 id=\"unknown_topic\">");
    }

    @Test
    void aRequestForMarkdownGetsTheFileItself() throws Exception {
        HttpResponse<String> page = get("/docs/errors", "text/markdown");

        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/markdown;charset=UTF-8");
        assertThat(page.body()).isEqualTo(Files.readString(Path.of("docs/errors.md")));
    }

    private static HttpResponse<String> get(String path, String accept) throws Exception {
        return client.send(
                HttpRequest.newBuilder(hub.http(path)).header("Accept", accept).build(), BodyHandlers.ofString());
    }
}
