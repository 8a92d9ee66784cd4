package io.millrace.append;

import io.millrace.event.NewRecord;
import io.millrace.testing.InnerLoop;
import io.millrace.testing.SampleRecords;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** From a record's key to its partition. */
public class PartitionerBenchmark extends InnerLoop {

    private final Partitioner partitioner = new Partitioner(new Random(7));
    private final Topic topic =
            new Topic(1, "orders", IntStream.range(0, 16).boxed().toList(), TopicConfig.DEFAULTS, Instant.EPOCH, 0);
    private final List<NewRecord> records = SampleRecords.produced();

    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public int[] byKey() {
        return partitioner.partitions(topic, records);
    }
}
