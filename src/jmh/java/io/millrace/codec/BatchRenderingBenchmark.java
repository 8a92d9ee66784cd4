package io.millrace.codec;

import io.millrace.eventlog.Slice;
import io.millrace.testing.InnerLoop;
import io.millrace.testing.SampleRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** From a stored batch to JSON, rendered once for all followers of a partition. */
public class BatchRenderingBenchmark extends InnerLoop {

    private final Slice batch = SampleRecords.batch();

    /** A batch keeps its rendering, so each is rendered in a batch of its own around the same columns. */
    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public BatchRendering render() {
        return BatchRendering.of(batch.at(SampleRecords.FIRST_OFFSET));
    }
}
