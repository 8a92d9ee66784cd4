package io.millrace.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {

    @ParameterizedTest
    @CsvSource({
        "PT0.25S, PT1S, 0,       PT0.25S",
        "PT0.25S, PT1S, 1,       PT0.25S",
        "PT0.25S, PT1S, 2,       PT0.5S",
        "PT0.25S, PT1S, 3,       PT1S",
        "PT0.25S, PT1S, 1000000, PT1S",
        "PT0S,    PT1S, 0,       PT0S",
        "PT0S,    PT1S, 1,       PT0.05S",
        "PT0S,    PT1S, 5,       PT0.8S",
        "PT1M,    PT5S, 3,       PT1M",
    })
    void restDoublesWithEachFailureUpToTheLongest(Duration interval, Duration longest, int failures, Duration rest) {
        assertThat(new Pace(interval, longest).restAfter(failures)).isEqualTo(rest);
    }
}
