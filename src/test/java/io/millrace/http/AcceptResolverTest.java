package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.web.server.NotAcceptableStatusException;

/** What a request accepts, in the order in which it is served. */
class AcceptResolverTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                                  | application/json",
                "application/x-ndjson                              | application/x-ndjson",
                "application/jsonl                                 | application/x-ndjson",
                "application/x-jsonlines;q=0.5, text/event-stream  | text/event-stream",
                "application/x-ndjson, application/json            | application/json",
                "application/x-ndjson, application/json;q=0.9      | application/x-ndjson",
                "application/json;q=0.1, */*;q=0.2                 | application/x-ndjson",
                "application/json;q=0, */*                         | application/x-ndjson",
                "application/*;q=0.3, application/json;q=0.2       | application/x-ndjson",
                "text/*, application/json;q=0.5                    | text/event-stream",
                "*/*                                               | application/json",
                "application/json;charset=utf-16                   | application/json",
                "APPLICATION/JSON                                  | application/json",
                "text/plain;version=0.0.4;q=0.5                    | text/plain",
            })
    void theFirstIs(String header, String type) {
        assertThat(AcceptResolver.inOrder(MediaType.parseMediaTypes(header)).getFirst())
                .matches(first -> first.equalsTypeAndSubtype(MediaType.parseMediaType(type)), type);
    }

    @Test
    void whatIsExcludedIsNotThereAtAll() {
        List<MediaType> accepted =
                AcceptResolver.inOrder(MediaType.parseMediaTypes("*/*, application/json;q=0, text/*;q=0.0"));

        assertThat(accepted).containsExactly(MediaType.APPLICATION_NDJSON);
    }

    @Test
    void aWildcardStaysForWhatOthersServe() {
        assertThat(AcceptResolver.inOrder(List.of(MediaType.ALL))).contains(MediaType.ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*;q=0", "application/json;q=0", "text/html;q=0, application/json;q=0"})
    void nothingIsLeftOf(String header) {
        assertThatThrownBy(() -> AcceptResolver.inOrder(MediaType.parseMediaTypes(header)))
                .isInstanceOf(NotAcceptableStatusException.class);
    }
}
