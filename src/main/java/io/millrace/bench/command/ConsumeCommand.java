package io.millrace.bench.command;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.consume.ConsumeProtocol;
import io.millrace.bench.consume.Consumer;
import io.millrace.bench.consume.Offsets;
import io.millrace.bench.measure.Counter;
import io.millrace.bench.measure.GeneratorCost;
import io.millrace.bench.measure.Progress;
import io.millrace.bench.measure.Report;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.bench.run.Window;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RecordCalls.Range;
import io.millrace.client.message.Topic;
import io.millrace.codec.ReadPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** How fast the records of an existing topic are read, and whether they are complete and in order. */
@Command(
        name = "consume",
        description = "Reads a topic up to its end at the start of the run, checks that every record comes once and in"
                + " order, and measures how fast.")
public final class ConsumeCommand extends Measurement {

    private static final String EARLIEST = "earliest";
    private static final double NANOS = 1e9;

    @Option(names = "--topic", paramLabel = "NAME", description = "The topic, such as one that 'produce' has filled.")
    private String topic = "bench";

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "Reads only this partition.",
            defaultValue = "-1",
            showDefaultValue = Visibility.NEVER)
    private int partition;

    @Option(names = "--from", paramLabel = "earliest|MS", description = "Where to begin: milliseconds since 1970.")
    private String from = EARLIEST;

    @Option(
            names = "--protocol",
            paramLabel = "websocket|websocket-binary|ndjson|sse|poll",
            description = "A subscription in text or binary frames, a streamed answer per partition, an event stream, a"
                    + " request per page.")
    private ConsumeProtocol protocol = ConsumeProtocol.WEBSOCKET;

    @Option(names = "--connections", paramLabel = "N", description = "Connections that share the partitions.")
    private int connections = 1;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that read.")
    private int threads = 1;

    @Override
    void check() {
        TopicOptions.checkName(this, topic);
        require(from.equals(EARLIEST) || from.matches("\\d{1,15}"), "--from must be 'earliest' or milliseconds");
        require(connections >= 1 && connections <= 10_000, "--connections must be 1 to 10000");
        require(threads >= 1 && threads <= 256, "--threads must be 1 to 256");
        require(partition >= -1, "--partition must not be negative");
    }

    @Override
    int threads() {
        return Math.min(threads, connections);
    }

    @Override
    Report measure(HubClient hub, EventLoops loops, Run run) throws NoAnswerException, InterruptedException {
        Topic source = hub.topics().describe(topic);
        int partitions = source.partitions().size();
        if (partition >= partitions) {
            throw new BenchException(
                    "topic " + topic + " has " + partitions + " partitions, but no partition " + partition);
        }
        List<Consumer> consumers = consumers(source, starts(hub, source));
        if (consumers.stream().allMatch(consumer -> consumer.offsets().allFinished())) {
            throw new BenchException("there is nothing to read in topic " + topic + "; fill it with 'bench produce'");
        }
        GeneratorCost cost = GeneratorCost.from(loops.loop(0), System.nanoTime());
        long start = System.nanoTime();
        loops.openAll(run, consumers.size(), i -> protocol.connection(run, loops.hub(), consumers.get(i)));
        CompletableFuture<?> done =
                CompletableFuture.allOf(consumers.stream().map(Consumer::done).toArray(CompletableFuture[]::new));
        new Progress(
                        progress(),
                        () -> sum(consumers, Consumer::records),
                        () -> sum(consumers, Consumer::bytes),
                        () -> 1,
                        () -> 0,
                        _ -> {})
                .await(run, done, Window.endless(start, Duration.ZERO));
        double seconds = (System.nanoTime() - start) / NANOS;
        double cores = cost.cores();
        long records = sum(consumers, Consumer::records);
        return new Report()
                .number("seconds", "seconds", seconds)
                .count("records", records)
                .throughput(records, sum(consumers, Consumer::bytes), seconds)
                .count(
                        "partitions",
                        consumers.stream()
                                .mapToInt(consumer -> consumer.partitions().length)
                                .sum())
                .number("generator_cores", "cores used by this generator", cores)
                .note("Every record came once and in order: the offsets of every partition were checked.");
    }

    /** The start offset of each partition; -1 for partitions that are not read. */
    private long[] starts(HubClient hub, Topic source) throws NoAnswerException, InterruptedException {
        long[] starts = new long[source.partitions().size()];
        for (int i = 0; i < starts.length; i++) {
            if (partition >= 0 && partition != i) {
                starts[i] = -1;
            } else if (from.equals(EARLIEST)) {
                starts[i] = source.partitions().get(i).startOffset();
            } else {
                ReadPage page = hub.records()
                        .read(topic, i, Range.at(Long.parseLong(from)).limit(1));
                starts[i] = page.records().isEmpty()
                        ? page.nextOffset()
                        : page.records().getFirst().offset();
            }
        }
        return starts;
    }

    private List<Consumer> consumers(Topic source, long[] starts) {
        int[] read =
                IntStream.range(0, starts.length).filter(i -> starts[i] >= 0).toArray();
        int count = Math.min(connections, read.length);
        long[] ends = source.partitions().stream()
                .mapToLong(Topic.Partition::nextOffset)
                .toArray();
        List<Consumer> consumers = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            int own = c;
            int[] partitions = IntStream.range(0, read.length)
                    .filter(i -> i % count == own)
                    .map(i -> read[i])
                    .toArray();
            long[] ownStarts = new long[starts.length];
            Arrays.fill(ownStarts, -1);
            for (int one : partitions) {
                ownStarts[one] = starts[one];
            }
            Consumer consumer = new Consumer(source, partitions, from, new Offsets(topic, ownStarts, ends));
            consumer.progress();
            consumers.add(consumer);
        }
        return consumers;
    }

    private static long sum(List<Consumer> consumers, Function<Consumer, Counter> figure) {
        return consumers.stream().map(figure).mapToLong(Counter::get).sum();
    }
}
