package io.millrace.apidocs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The document that the hub serves is the one that is checked in. After an intended change: {@code mvn verify
 * -Dit.test=OpenApiIT -Dopenapi=apply}.
 */
class OpenApiIT {

    private static final Path GOLDEN = Path.of("openapi/openapi.yaml");

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void theServedDocumentIsTheCheckedInOne() throws Exception {
        String served = get("/openapi.yaml");
        if ("apply".equals(System.getProperty("openapi"))) {
            Files.writeString(GOLDEN, served);
        }

        assertThat(served).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void swaggerUiIsThere() throws Exception {
        assertThat(get("/swagger-ui.html")).contains("swagger-ui");
        assertThat(get("/openapi")).startsWith("{").contains("\"operationId\" : \"produce\"");
    }

    private static String get(String path) throws Exception {
        var response = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()
                .send(HttpRequest.newBuilder(hub.http(path)).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
