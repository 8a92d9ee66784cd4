package io.millrace.bench.command;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The options for the times of a run. */
final class TimeOptions {

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How long the load runs before measuring begins.")
    private Duration warmUp = Duration.ZERO;

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "10s", description = "How long to measure.")
    private Duration duration = Duration.ZERO;

    void check(Measurement of) {
        of.require(!duration.isZero(), "--duration must not be 0");
    }

    Duration warmUp() {
        return warmUp;
    }

    Duration duration() {
        return duration;
    }
}
