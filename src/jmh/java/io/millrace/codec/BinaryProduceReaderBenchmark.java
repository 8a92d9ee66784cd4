package io.millrace.codec;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import io.millrace.testing.InnerLoop;
import io.millrace.testing.SampleRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** From a client's binary frame to records, whose values are validated as JSON. */
public class BinaryProduceReaderBenchmark extends InnerLoop {

    private static final RecordLimits LIMITS = new RecordLimits(1_048_576, 10_000, 100);
    private static final byte ACKS_LEADER = 1;
    private static final int NO_HEADERS = -1;

    private final byte[] frame = frame(SampleRecords.produced());

    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public ProduceFrame read() {
        return new BinaryProduceReader(frame, frame.length, LIMITS).read();
    }

    private static byte[] frame(List<NewRecord> records) {
        ByteBuffer out = ByteBuffer.allocate(100_000).put(FrameKind.PRODUCE).put(ACKS_LEADER);
        string(out, "7");
        string(out, "orders");
        out.putInt(records.size());
        for (NewRecord record : records) {
            out.putInt(record.partition()).putLong(record.timestamp()).put(record.format());
            bytes(out, record.key());
            bytes(out, record.value());
            out.putInt(NO_HEADERS);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void string(ByteBuffer out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) utf8.length).put(utf8);
    }

    private static void bytes(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes.length).put(bytes);
    }
}
