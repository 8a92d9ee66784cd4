package io.millrace.codec;

import io.millrace.eventlog.RecordBatch;
import io.millrace.testing.InnerLoop;
import io.millrace.testing.SampleRecords;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** From a stored batch to its binary form, in a direct buffer as frames have it. */
public class BinaryRecordsBenchmark extends InnerLoop {

    private final RecordBatch batch = SampleRecords.batch().at(SampleRecords.FIRST_OFFSET);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BinaryRecords.size(batch, 0, batch.count()));

    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public ByteBuffer write() {
        BinaryRecords.write(out.clear(), batch, 0, batch.count());
        return out;
    }
}
