package io.millrace.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FindingsTest {

    @Test
    void tenViolationsOfEachPromiseAreShownAndAllAreCounted() {
        Findings some = violations(Promise.ANSWERS_ARE_TRUE, 8);
        some.plus(violations(Promise.ANSWERS_ARE_TRUE, 8)).plus(violations(Promise.OFFSETS_HAVE_NO_GAPS, 3));

        assertThat(some.first(Promise.ANSWERS_ARE_TRUE)).hasSize(10);
        assertThat(some.count(Promise.ANSWERS_ARE_TRUE)).isEqualTo(16);
        assertThat(some.first(Promise.OFFSETS_HAVE_NO_GAPS)).hasSize(3);
        assertThat(some.first()).hasSize(13);
        assertThat(some.count(Promise.REQUESTS_ARE_WHOLE)).isZero();
    }

    private static Findings violations(Promise promise, int count) {
        Findings findings = new Findings();
        for (int i = 0; i < count; i++) {
            findings.add(promise, "violation " + i);
        }
        return findings;
    }
}
