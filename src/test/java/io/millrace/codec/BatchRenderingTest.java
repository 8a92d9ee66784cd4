package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.RecordFormat;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.eventlog.Slice;
import io.millrace.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BatchRenderingTest {

    @Test
    void anyRunOfRecordsIsOneSlice() {
        BatchRendering rendering = BatchRendering.of(batch("1", "{\"a\":2}", null));
        String first = "{\"offset\":40,\"timestamp\":5,\"key\":null,\"value\":1,\"headers\":[]}";
        String second = "{\"offset\":41,\"timestamp\":5,\"key\":null,\"value\":{\"a\":2},\"headers\":[]}";
        String third = "{\"offset\":42,\"timestamp\":5,\"key\":null,\"value\":null,\"headers\":[]}";
        assertThat(cut(rendering, 0, 2)).isEqualTo(first + "," + second + "," + third);
        assertThat(cut(rendering, 0, 0)).isEqualTo(first);
        assertThat(cut(rendering, 1, 2)).isEqualTo(second + "," + third);
        assertThat(rendering.multiline()).isFalse();
    }

    @Test
    void aBatchIsRenderedOnce() {
        RecordBatch batch = batch("1");
        assertThat(BatchRendering.of(batch)).isSameAs(BatchRendering.of(batch));
    }

    @Test
    void aLineHasTheGivenFieldsInFrontAndNoLineBreaks() {
        BatchRendering rendering = BatchRendering.of(batch("1", "{\r\n\"a\\n\":\n2}"));
        assertThat(rendering.multiline()).isTrue();
        JsonBuffer out = new JsonBuffer();
        rendering.writeLine(out, "{\"topic\":\"t\",".getBytes(StandardCharsets.US_ASCII), 1);
        assertThat(text(out.array(), 0, out.length()))
                .isEqualTo("{\"topic\":\"t\",\"offset\":41,\"timestamp\":5,\"key\":null,"
                        + "\"value\":{  \"a\\n\": 2},\"headers\":[]}");
    }

    private static String cut(BatchRendering rendering, int from, int to) {
        return text(rendering.bytes(), rendering.start(from), rendering.end(to) - rendering.start(from));
    }

    private static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    private static RecordBatch batch(String... values) {
        byte[][] bytes = new byte[values.length][];
        long[] timestamps = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = values[i] == null ? null : values[i].getBytes(StandardCharsets.UTF_8);
            timestamps[i] = 5;
        }
        assertThat(RecordFormat.DEFAULT).isEqualTo(RecordFormat.VALUE_JSON);
        return new Slice(9, new RecordColumns(timestamps, null, bytes, null, null, 0)).at(40);
    }
}
