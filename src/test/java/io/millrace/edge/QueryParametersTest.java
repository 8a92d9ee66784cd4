package io.millrace.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.event.HubException;
import io.millrace.event.Violation;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class QueryParametersTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "-5, -5", "10, 10", "0007, 7", "-0, 0"})
    void numbersAreWhole(String text, long number) {
        assertThat(query("n=" + text).number("n", -5, 10)).hasValue(number);
    }

    @Test
    void textsAreCommaSeparated() {
        assertThat(query("n=a,b*,c%20d").texts("n", 3)).containsExactly("a", "b*", "c d");
        assertThat(query("other=a").texts("n", 3)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n | wrong_type",
                "n= | wrong_type",
                "n=a,,b | wrong_type",
                "n=a,b,a | duplicate",
                "n=a,b,c,d | too_many"
            })
    void otherTextsAreRefused(String query, String code) {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> query(query).texts("n", 3))
                .satisfies(refusal -> assertThat(refusal.violations())
                        .extracting(violation -> Places.text(violation.place()), Violation::code)
                        .containsExactly(tuple("?n", code)));
    }

    @ParameterizedTest
    @CsvSource({
        "n=-6, out_of_range",
        "n=11, out_of_range",
        "n=9223372036854775808, out_of_range",
        "n=99999999999999999999999999, out_of_range",
        "n, wrong_type",
        "n=, wrong_type",
        "n=+1, wrong_type",
        "n=%2B1, wrong_type",
        "n=1.0, wrong_type",
        "n=1e1, wrong_type",
        "n=0x1, wrong_type",
        "n=%201, wrong_type",
        "n=1%00, wrong_type",
        "n=%D9%A1, wrong_type"
    })
    void otherNumbersAreRefused(String query, String code) {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> query(query).number("n", -5, 10))
                .satisfies(refusal -> assertThat(refusal.violations())
                        .extracting(violation -> Places.text(violation.place()), Violation::code)
                        .containsExactly(org.assertj.core.groups.Tuple.tuple("?n", code)));
    }

    @ParameterizedTest
    @CsvSource({"0s, 0", "500ms, 500", "20s, 20000", "1m, 60000", "60000ms, 60000"})
    void durationsHaveAUnit(String text, long millis) {
        assertThat(query("wait=" + text).duration("wait", Duration.ofMinutes(1)))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "s", "-1s", "1.5s", "1h", "1 s", "PT1S", "61s", "2m", "999999999m", "9999999999s"})
    void otherDurationsAreRefused(String text) {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> query("wait=" + text.replace(" ", "%20")).duration("wait", Duration.ofMinutes(1)));
    }

    @Test
    void aParameterThatIsNotGivenIsAbsent() {
        QueryParameters query = query("other=");

        assertThat(query.has("n")).isFalse();
        assertThat(query.number("n", 0, 1)).isEmpty();
        assertThat(query.text("n")).isEmpty();
        assertThat(query.text("other")).contains("");
        assertThat(query.duration("wait", Duration.ofMinutes(1))).isZero();
    }

    @Test
    void unknownAndRepeatedParametersAreRefusedByTheirNames() {
        assertPointer("n=1&N=1", "?N");
        assertPointer("n=1&n=1", "?n");
        assertPointer("a%20%00%C3%A9=1", "?a%20%00%C3%A9");
        assertPointer("x".repeat(1000) + "=1", "?" + "x".repeat(64));
    }

    private static void assertPointer(String query, String pointer) {
        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> query(query))
                .satisfies(refusal -> assertThat(
                                Places.text(refusal.violations().getFirst().place()))
                        .isEqualTo(pointer));
    }

    private static QueryParameters query(String query) {
        return QueryParameters.of(
                MockServerHttpRequest.method(org.springframework.http.HttpMethod.GET, URI.create("/?" + query))
                        .build(),
                Set.of("n", "wait", "other"));
    }
}
