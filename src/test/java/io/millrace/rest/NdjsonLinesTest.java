package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.budget.ClientMemory;
import io.millrace.edge.Places;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import io.millrace.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NdjsonLinesTest {

    private static final ClientMemory MEMORY = new ClientMemory(1L << 40, Ticker.SYSTEM);

    private static final RecordLimits LIMITS = new RecordLimits(1000, 10, 10);

    @Test
    void theRecordsDoNotDependOnWhereTheBytesAreSplit() {
        String body =
                "{\"value\":1}\n\r\n{\"value\":\"\u00e9\ud83d\ude80\"}\r\n \t\n\n{\"value\":[ ]}\n{\"value\":null}";
        byte[] bytes = utf8(body);
        List<String> expected = List.of("1", "\"\u00e9\ud83d\ude80\"", "[ ]", "null");

        assertThat(values(bytes)).isEqualTo(expected);
        for (int i = 0; i <= bytes.length; i++) {
            for (int j = i; j <= bytes.length; j++) {
                assertThat(values(
                                Arrays.copyOf(bytes, i),
                                Arrays.copyOfRange(bytes, i, j),
                                Arrays.copyOfRange(bytes, j, bytes.length)))
                        .as("%d, %d", i, j)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void chunksAreBoundedInRecords() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 100, MEMORY.share().hold(), Ticker.SYSTEM);
        int count = 2 * NdjsonLines.CHUNK_RECORDS + 1;

        lines.feed(utf8("{}\n".repeat(count)));

        assertThat(lines.isFull()).isTrue();
        assertThat(lines.take()).hasSize(NdjsonLines.CHUNK_RECORDS);
        assertThat(lines.take()).hasSize(NdjsonLines.CHUNK_RECORDS);
        assertThat(lines.isFull()).isFalse();
        assertThat(lines.take()).hasSize(1);
        assertThat(lines.isEmpty()).isTrue();
    }

    @Test
    void aChunkIsBoundedInBytesToo() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 2000, MEMORY.share().hold(), Ticker.SYSTEM);
        String line = "{\"value\":\"" + "x".repeat(900) + "\"}\n";
        int count = NdjsonLines.CHUNK_BYTES / 902 + 1;

        lines.feed(utf8(line.repeat(count + 5)));

        assertThat(lines.take()).hasSize(count);
        assertThat(lines.take()).hasSize(5);
    }

    @Test
    void aLongLineIsRefusedBeforeItEnds() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 20, MEMORY.share().hold(), Ticker.SYSTEM);
        lines.feed(utf8("{}\n{\"value\":12345678"));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> lines.feed(utf8("9012")))
                .satisfies(refusal -> {
                    assertThat(refusal.error()).isEqualTo(HubError.RECORD_TOO_LARGE);
                    assertThat(Places.text(refusal.violations().getFirst().place()))
                            .isEqualTo("#/records/1");
                });
    }

    @Test
    void emptyLinesDoNotCountInPointers() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 100, MEMORY.share().hold(), Ticker.SYSTEM);

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> lines.feed(utf8("\n{}\n\r\n{}\nx\n")))
                .satisfies(refusal -> assertThat(
                                Places.text(refusal.violations().getFirst().place()))
                        .isEqualTo("#/records/2"));
    }

    @Test
    void linesBeforeABadOneCanBeTaken() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 100, MEMORY.share().hold(), Ticker.SYSTEM);

        assertThatExceptionOfType(HubException.class).isThrownBy(() -> lines.feed(utf8("{}\n{}\nx\n{}\n")));

        assertThat(lines.take()).hasSize(2);
        assertThat(lines.take()).isEmpty();
    }

    @Test
    void aLineIsThereOnceItHasEnded() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 100, MEMORY.share().hold(), Ticker.SYSTEM);

        lines.feed(utf8("{}"));
        assertThat(lines.isEmpty()).isTrue();
        lines.feed(utf8("\n"));
        assertThat(lines.isEmpty()).isFalse();
    }

    private static List<String> values(byte[]... pieces) {
        NdjsonLines lines = new NdjsonLines(LIMITS, 100, MEMORY.share().hold(), Ticker.SYSTEM);
        List<NewRecord> records = new ArrayList<>();
        for (byte[] piece : pieces) {
            lines.feed(piece);
            records.addAll(lines.take());
        }
        lines.end();
        records.addAll(lines.take());
        return records.stream()
                .map(record -> record.value() == null ? "null" : new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
