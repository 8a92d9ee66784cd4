package io.millrace.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The targets with known inputs: their examples, what the fuzzer has found, and a few mutations; {@link FuzzIT} fuzzes.
 */
class FuzzTargetsTest {

    private static final int MUTATIONS = 40;

    static List<FuzzTarget> targets() {
        return FuzzTargets.ALL;
    }

    @ParameterizedTest
    @MethodSource("targets")
    void theExamplesBreakNoPromise(FuzzTarget target) {
        List<byte[]> seeds = target.seeds().toList();
        assertThat(seeds).isNotEmpty();
        for (byte[] seed : seeds) {
            check(target, seed, "an example");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void whatTheFuzzerFoundBreaksNoPromiseAnyLonger(FuzzTarget target) throws IOException {
        check(target, new byte[0], "nothing");
        for (Path finding : FuzzTargets.findings(target)) {
            check(target, Files.readAllBytes(finding), finding.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aFewMutationsBreakNoPromise(FuzzTarget target) {
        Random random = new Random(1);
        for (byte[] seed : target.seeds().toList()) {
            for (int i = 0; i < MUTATIONS; i++) {
                check(target, mutated(seed, random), "a mutation");
            }
        }
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] mutated = Arrays.copyOf(seed, seed.length + random.nextInt(3));
        for (int i = 0; i <= random.nextInt(4) && mutated.length > 0; i++) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
        return Arrays.copyOf(mutated, mutated.length - random.nextInt(Math.min(3, mutated.length + 1)));
    }

    private static void check(FuzzTarget target, byte[] input, String what) {
        assertThatCode(() -> target.run(input))
                .as("%s: %s", what, HexFormat.of().formatHex(input))
                .doesNotThrowAnyException();
    }
}
