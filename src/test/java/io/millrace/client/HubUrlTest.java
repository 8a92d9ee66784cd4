package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.message.Query;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080,    http://localhost:8080/v1/topics",
        "http://localhost:8080/,   http://localhost:8080/v1/topics",
        "http://example.com/hub/,  http://example.com:80/hub/v1/topics",
        "http://[::1]:8080,        http://[::1]:8080/v1/topics"
    })
    void resourcesAreAppendedToTheUrl(String url, String resource) {
        assertThat(HubUrl.parse(url).resource("/v1/topics")).hasToString(resource);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8080",
                "https://localhost",
                "http://",
                "http://a:99999",
                "http://a?b",
                "http://u@a",
                "http://a b"
            })
    void aWrongUrlIsRefusedAndQuoted(String url) {
        assertThatThrownBy(() -> HubUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + url + "' ");
    }

    @Test
    void namesAndParametersMayHaveAnyCharacters() {
        Query query = new Query("/v1/groups/", "a/b c", "/stream")
                .with("topics", "a*,é&")
                .with("from", null);

        assertThat(query.with("limit", 5)).hasToString("/v1/groups/a%2Fb%20c/stream?topics=a*,%C3%A9%26&limit=5");
    }
}
