package io.millrace.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class FailuresTest {

    record Body(int number, List<Body> more) {}

    @Test
    void everyFailureHasItsWord() {
        HubException known = new HubException(HubError.OVERLOADED, "full");

        assertThat(Failures.of(known)).isSameAs(known);
        assertThat(Failures.of(new CompletionException(new CompletionException(known))))
                .isSameAs(known);
        assertError(new DataBufferLimitException("x"), HubError.REQUEST_TOO_LARGE);
        assertError(new DecodingException("x", new DataBufferLimitException("x")), HubError.REQUEST_TOO_LARGE);
        assertError(new DecodingException("x"), HubError.INVALID_REQUEST);
        assertError(new NotAcceptableStatusException(List.of(MediaType.TEXT_HTML)), HubError.NOT_ACCEPTABLE);
        assertError(new UnsupportedMediaTypeStatusException("x"), HubError.UNSUPPORTED_MEDIA_TYPE);
        assertError(new ResponseStatusException(HttpStatus.NOT_FOUND), HubError.NOT_FOUND);
        assertError(new ResponseStatusException(HttpStatus.CONFLICT), HubError.INVALID_REQUEST);
        assertError(new ResponseStatusException(HttpStatus.BAD_GATEWAY), HubError.INTERNAL);
        assertError(new ServerWebInputException("x"), HubError.INVALID_REQUEST);
        assertError(new CompletionException(null), HubError.INTERNAL);
        assertError(new StackOverflowError(), HubError.INTERNAL);
    }

    @Test
    void aMethodNotAllowedNamesTheOthersInOrder() {
        var failure = new MethodNotAllowedException(HttpMethod.PUT, List.of(HttpMethod.PATCH, HttpMethod.GET));

        HubException problem = Failures.of(failure);

        assertThat(problem.error()).isEqualTo(HubError.METHOD_NOT_ALLOWED);
        assertThat(problem.detail()).isEqualTo("allowed here: GET, PATCH");
    }

    @Test
    void whatIsNotKnownIsToldToTheLogAndNotToTheClient() {
        IllegalStateException secret = new IllegalStateException("password=hunter2");

        HubException problem = Failures.of(secret);

        assertThat(problem.error()).isEqualTo(HubError.INTERNAL);
        assertThat(problem.detail()).doesNotContain("hunter2");
        assertThat(problem).hasCause(secret);
    }

    @Test
    void jsonIsRefusedWithItsPlaceAndWithoutClasses() {
        assertJson("{\"number\":", HubError.MALFORMED_JSON, "malformed_json", "#");
        assertJson("{\"number\":\"x\"}", HubError.INVALID_REQUEST, "wrong_type", "#/number");
        assertJson(
                "{\"more\":[{\"number\":1},{\"number\":[]}]}",
                HubError.INVALID_REQUEST,
                "wrong_type",
                "#/more/1/number");
        assertJson(
                "{\"more\":[{\"number\":1,\"a/b c\":1}]}",
                HubError.INVALID_REQUEST,
                "unknown_field",
                "#/more/0/a~1b%20c");
    }

    private static void assertJson(String json, HubError error, String code, String pointer) {
        JsonMapper mapper = JsonMapper.builder()
                .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        assertThatThrownBy(() -> mapper.readValue(json, Body.class))
                .isInstanceOf(JacksonException.class)
                .satisfies(thrown -> {
                    for (Throwable failure : List.of(thrown, new DecodingException("x", thrown))) {
                        HubException problem = Failures.of(failure);
                        assertThat(problem.error()).isEqualTo(error);
                        assertThat(problem.detail()).doesNotContain("java", "jackson", "Token", "millrace");
                        assertThat(problem.violations()).singleElement().satisfies(violation -> {
                            assertThat(violation.code()).isEqualTo(code);
                            assertThat(violation.pointer()).isEqualTo(pointer);
                        });
                    }
                });
    }

    private static void assertError(Throwable failure, HubError error) {
        assertThat(Failures.of(failure).error()).as(failure.toString()).isEqualTo(error);
    }
}
