package io.millrace.eventlog;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Stored batches for tests of other packages. */
public final class TestBatches {

    private TestBatches() {}

    /** A batch of values whose first record has this offset. */
    public static RecordBatch of(int partitionId, long firstOffset, String... values) {
        byte[][] bytes = Stream.of(values)
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        int size = Stream.of(bytes).mapToInt(value -> value.length).sum();
        return new Slice(partitionId, new RecordColumns(new long[values.length], null, bytes, null, null, size))
                .at(firstOffset);
    }
}
