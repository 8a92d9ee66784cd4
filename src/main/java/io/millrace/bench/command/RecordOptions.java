package io.millrace.bench.command;

import io.millrace.bench.content.KeyDistribution;
import io.millrace.bench.content.RecordShape;
import picocli.CommandLine.Option;

/** The options for the records. */
final class RecordOptions {

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            description = "Bytes per value, a JSON object with the send time and random letters.")
    private int payload = 200;

    @Option(names = "--keys", paramLabel = "N", description = "Number of different keys.")
    private int keys = 10_000;

    @Option(
            names = "--key-distribution",
            paramLabel = "uniform|zipf|none",
            description = "How keys are drawn: all equally often, some much more often, or none: records without keys.")
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
