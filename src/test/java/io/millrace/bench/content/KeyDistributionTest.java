package io.millrace.bench.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeyDistributionTest {

    private static final int KEYS = 100;
    private static final int DRAWS = 1_000_000;

    @Test
    void uniformKeysAreEquallyFrequent() {
        for (double share : shares(KeyDistribution.UNIFORM)) {
            assertThat(share).isCloseTo(0.01, within(0.001));
        }
    }

    @Test
    void zipfKeysDecreaseWithTheirRank() {
        double[] shares = shares(KeyDistribution.ZIPF);

        // 1/n^0.99 over the sum of these for 100 keys
        assertThat(shares[0]).isCloseTo(0.1884, within(0.003));
        assertThat(shares[1]).isCloseTo(0.0949, within(0.003));
        assertThat(shares[9]).isCloseTo(0.0193, within(0.002));
        assertThat(shares[99]).isCloseTo(0.0020, within(0.0005));
    }

    @Test
    void aSingleKeyIsTheOnlyOneDrawn() {
        for (KeyDistribution distribution : KeyDistribution.values()) {
            assertThat(distribution.over(1).next(new SplittableRandom(1))).isZero();
        }
    }

    private static double[] shares(KeyDistribution distribution) {
        KeyDistribution.Keys keys = distribution.over(KEYS);
        SplittableRandom random = new SplittableRandom(42);
        double[] shares = new double[KEYS];
        for (int i = 0; i < DRAWS; i++) {
            shares[keys.next(random)] += 1.0 / DRAWS;
        }
        return shares;
    }
}
