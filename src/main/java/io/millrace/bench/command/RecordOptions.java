package io.millrace.bench.command;

import io.millrace.bench.content.KeyDistribution;
import io.millrace.bench.content.RecordShape;
import picocli.CommandLine.Option;

/** What the records are like. */
final class RecordOptions {

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description = "Bytes of a value, a JSON object of its send time and random letters.")
    private int payload = 200;

    @Option(names = "--keys", paramLabel = "N", description = "How many different keys there are.")
    private int keys = 10_000;

    @Option(
            names = "--key-distribution",
            paramLabel = "uniform|zipf|none",
            description = "Which keys are drawn: all alike, some much oftener, or none: records without keys.")
    private KeyDistribution distribution = KeyDistribution.UNIFORM;

    void check(Measurement of) {
        of.require(
                payload >= RecordShape.LEAST_PAYLOAD && payload <= RecordShape.MOST_PAYLOAD,
                "--payload must be " + RecordShape.LEAST_PAYLOAD + " to " + RecordShape.MOST_PAYLOAD);
        of.require(keys >= 1 && keys <= RecordShape.MOST_KEYS, "--keys must be 1 to " + RecordShape.MOST_KEYS);
    }

    int payload() {
        return payload;
    }

    RecordShape shape() {
        return new RecordShape(payload, keys, distribution);
    }
}
