package io.millrace.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link OpenApiContract} finds what differs from the OpenAPI document. */
class OpenApiContractTest {

    private static final String STORED = "{'results':[{'partition':3,'offset':42}]}";
    private static final String RECORD = "{'records':[{'value':1}]}";

    @Test
    void anExchangeThatMatchesTheDocumentPasses() {
        assertThatCode(() -> check("/v1/topics/t/records?acks=1", RECORD, 200, STORED))
                .doesNotThrowAnyException();
        assertThatCode(() -> check("/v1/elsewhere", "{}", 299, "{}")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'results':[{'partition':3,'offset':42}],'more':1} | more",
                "{'results':[{'partition':3}]}                      | offset",
                "{'results':[{'partition':null,'offset':42}]}       | partition",
                "{'results':[{'partition':'3','offset':42}]}        | partition",
                "{'results':                                        | not JSON",
            })
    void anAnswerThatDiffersIsFound(String answer, String found) {
        assertThatThrownBy(() -> check("/v1/topics/t/records", RECORD, 200, answer))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/topics/t/records?acks=2  | {'records':[{'value':1}]}           | ?acks",
                "/v1/topics/t/records?other=2 | {'records':[{'value':1}]}           | other",
                "/v1/topics/t/records         | {'records':[{'value':1,'other':1}]} | other",
                "/v1/topics/t/records         | {'records':[{'partition':'1'}]}     | partition",
                "/v1/topics/t/records         | {'records':[]}                      | records",
            })
    void anAcceptedRequestThatDiffersIsFound(String path, String body, String found) {
        assertThatThrownBy(() -> check(path, body, 200, STORED))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(found);
    }

    @Test
    void anUnmentionedStatusTypeOrHeaderIsFound() {
        assertThatThrownBy(() -> check("/v1/topics/t/records", RECORD, 203, STORED))
                .hasMessageContaining("the status is not mentioned for produce");
        assertThatThrownBy(() -> check("/v1/topics/t/records", RECORD, 200, STORED, "X-Request-Id", "1", "X-More", "1"))
                .hasMessageContaining("x-more");
        assertThatThrownBy(() -> check("/v1/topics", "{'name':'t'}", 201, "{}"))
                .hasMessageContaining("ETag is missing")
                .hasMessageContaining("Location is missing");
        assertThatThrownBy(() -> check(
                        "/v1/topics/t/records", RECORD, 200, STORED, "X-Request-Id", "1", "Content-Type", "text/html"))
                .hasMessageContaining("text/html");
    }

    private static void check(String path, String body, int status, String answer) {
        check(path, body, status, answer, "X-Request-Id", "1");
    }

    /** @param headers of the answer, names and values alternating */
    private static void check(String path, String body, int status, String answer, String... headers) {
        OpenApiContract.check(
                new OpenApiContract.Request("POST", path, headers("Content-Type", "application/json"), json(body)),
                new OpenApiContract.Response(status, headers(headers), json(answer)));
    }

    private static HttpHeaders headers(String... namesAndValues) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Content-Type", List.of("application/json"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return HttpHeaders.of(headers, (_, _) -> true);
    }

    private static byte[] json(String singleQuoted) {
        return singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
