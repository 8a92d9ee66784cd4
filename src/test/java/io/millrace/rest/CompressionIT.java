package io.millrace.rest;

import static io.millrace.rest.HttpApi.repeated;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large answers are compressed, but only for clients that ask for it. */
class CompressionIT {

    private static final String PARTITION = "/v1/topics/zipped/partitions/0/records";

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        api = HttpApi.of(hub);
        String lines = repeated(5000, i -> "{\"key\":\"DTW\",\"value\":{\"flight\":" + i + ",\"delay\":66}}\n");
        api.post(api.topic("zipped", 1), HttpApi.NDJSON, lines).hasStatus(200);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @ParameterizedTest
    @CsvSource({
        PARTITION + "?limit=5000&max_bytes=16777216, application/json",
        PARTITION + ", application/x-ndjson",
        "/openapi, */*",
        "/docs/errors, text/html",
    })
    void largeAnswersAreCompressed(String path, String accept) throws Exception {
        Answer plain = api.get(path, "Accept", accept).hasStatus(200);
        Answer zipped =
                api.get(path, "Accept", accept, "Accept-Encoding", "br, gzip").hasStatus(200);

        assertThat(plain.header("content-encoding")).isNull();
        assertThat(zipped.header("content-encoding")).isEqualTo("gzip");
        assertThat(zipped.header("content-type")).isEqualTo(plain.header("content-type"));
        assertThat(zipped.body().length).isLessThan(plain.body().length / 3);
        String text = new String(
                new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text).isEqualTo(plain.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip;q=0", "br", "*;q=0"})
    void answersToOtherClientsAreNotCompressed(String encoding) {
        Answer answer =
                api.get(PARTITION + "?limit=5000", "Accept-Encoding", encoding).hasStatus(200);

        assertThat(answer.header("content-encoding")).isNull();
    }

    @Test
    void smallAnswersAreNotCompressed() {
        Answer read = api.get(PARTITION + "?limit=1", "Accept-Encoding", "gzip").hasStatus(200);
        Answer stored = api.post(
                        "/v1/topics/zipped/records",
                        HttpApi.JSON,
                        "{\"records\":[{\"key\":\"a\",\"value\":1}]}",
                        "Accept-Encoding",
                        "gzip")
                .hasStatus(200);

        assertThat(read.header("content-encoding")).isNull();
        assertThat(stored.header("content-encoding")).isNull();
    }

    /** An event has to go out at once, and compressors buffer. */
    @Test
    void eventStreamsAreNotCompressed() throws IOException {
        try (RawHttp client = new RawHttp(hub)) {
            client.send("GET /v1/topics/zipped/stream?from=earliest HTTP/1.1\r\nHost: localhost\r\n"
                    + "Accept: text/event-stream\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(client.headers()).doesNotContainIgnoringCase("content-encoding");
        }
    }
}
