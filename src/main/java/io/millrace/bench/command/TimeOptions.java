package io.millrace.bench.command;

import java.time.Duration;
import picocli.CommandLine.Option;

/** When a run counts. */
final class TimeOptions {

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How long the load runs before it counts.")
    private Duration warmUp = Duration.ZERO;

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "10s", description = "How long it counts.")
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
