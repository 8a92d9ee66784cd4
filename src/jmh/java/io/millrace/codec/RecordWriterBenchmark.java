package io.millrace.codec;

import io.millrace.eventlog.RecordBatch;
import io.millrace.json.JsonBuffer;
import io.millrace.testing.InnerLoop;
import io.millrace.testing.SampleRecords;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** From a stored batch to JSON for one reader, in a buffer that is large enough. */
public class RecordWriterBenchmark extends InnerLoop {

    private final RecordBatch batch = SampleRecords.batch().at(SampleRecords.FIRST_OFFSET);
    private final JsonBuffer out = new JsonBuffer();

    /** As {@code application/json}. */
    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public JsonBuffer plain() {
        return write(RecordWriter.plain());
    }

    /** As NDJSON, which searches for line breaks. */
    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public JsonBuffer singleLine() {
        return write(RecordWriter.plain().singleLine());
    }

    private JsonBuffer write(RecordWriter writer) {
        out.clear();
        for (int i = 0; i < batch.count(); i++) {
            writer.write(out, batch, i);
        }
        return out;
    }
}
