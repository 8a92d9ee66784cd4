package io.millrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

class FailuresTest {

    @Test
    void failuresBecomeErrorsOfTheCatalogue() {
        HubException known = new HubException(HubError.OVERLOADED, "full");

        assertThat(Failures.of(known)).isSameAs(known);
        assertThat(Failures.of(new CompletionException(new CompletionException(known))))
                .isSameAs(known);
        assertError(new DataBufferLimitException("x"), HubError.REQUEST_TOO_LARGE);
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
    void aMethodNotAllowedNamesTheAllowedOnesInOrder() {
        var failure = new MethodNotAllowedException(HttpMethod.PUT, List.of(HttpMethod.PATCH, HttpMethod.GET));

        HubException problem = Failures.of(failure);

        assertThat(problem.error()).isEqualTo(HubError.METHOD_NOT_ALLOWED);
        assertThat(problem.detail()).isEqualTo("allowed here: GET, PATCH");
    }

    @Test
    void anUnknownFailureKeepsItsCauseAndHidesItFromTheClient() {
        IllegalStateException secret = new IllegalStateException("password=hunter2");

        HubException problem = Failures.of(secret);

        assertThat(problem.error()).isEqualTo(HubError.INTERNAL);
        assertThat(problem.detail()).doesNotContain("hunter2");
        assertThat(problem).hasCause(secret);
    }

    private static void assertError(Throwable failure, HubError error) {
        assertThat(Failures.of(failure).error()).as(failure.toString()).isEqualTo(error);
    }
}
