package io.millrace.codec;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import io.millrace.testing.InnerLoop;
import io.millrace.testing.SampleRecords;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** From the body of a request to records: checks and slices JSON. */
public class RecordParserBenchmark extends InnerLoop {

    private static final RecordLimits LIMITS = new RecordLimits(1_048_576, 10_000, 100);

    private final byte[] one = request(SampleRecords.produced().subList(0, 1));
    private final byte[] hundred = request(SampleRecords.produced());

    @Benchmark
    public List<NewRecord> requestOfOne() {
        return RecordParser.parseRequest(one, 0, one.length, LIMITS);
    }

    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public List<NewRecord> requestOfHundred() {
        return RecordParser.parseRequest(hundred, 0, hundred.length, LIMITS);
    }

    private static byte[] request(List<NewRecord> records) {
        return records.stream()
                .map(record -> "{\"key\":\"" + text(record.key()) + "\",\"value\":" + text(record.value()) + "}")
                .collect(Collectors.joining(",", "{\"records\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
