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

/** The media types that a request accepts, in order of preference. */
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
    void thePreferredTypeComesFirst(String header, String type) {
        assertThat(AcceptResolver.inOrder(MediaType.parseMediaTypes(header)).getFirst())
                .matches(first -> first.equalsTypeAndSubtype(MediaType.parseMediaType(type)), type);
    }

    @Test
    void excludedTypesAreLeftOut() {
        List<MediaType> accepted =
                AcceptResolver.inOrder(MediaType.parseMediaTypes("*/*, application/json;q=0, text/*;q=0.0"));

        assertThat(accepted).containsExactly(MediaType.APPLICATION_NDJSON);
    }

    @Test
    void aWildcardStaysForOtherResources() {
        assertThat(AcceptResolver.inOrder(List.of(MediaType.ALL))).contains(MediaType.ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*;q=0", "application/json;q=0", "text/html;q=0, application/json;q=0"})
    void aHeaderThatExcludesEverythingIsNotAcceptable(String header) {
        assertThatThrownBy(() -> AcceptResolver.inOrder(MediaType.parseMediaTypes(header)))
                .isInstanceOf(NotAcceptableStatusException.class);
    }
}
