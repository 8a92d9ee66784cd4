package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.json.RecordLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NdjsonLinesTest {

    private static final RecordLimits LIMITS = new RecordLimits(1000, 10, 10);

    @Test
    void whereverTheBytesAreSplitTheRecordsAreTheSame() {
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
    void chunksAreFullBeforeTheyAreHandedOut() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 100);
        int count = 2 * NdjsonLines.CHUNK_RECORDS + 1;

        List<List<NewRecord>> chunks = lines.feed(utf8("{}\n".repeat(count)));

        assertThat(chunks).extracting(List::size).containsExactly(NdjsonLines.CHUNK_RECORDS, NdjsonLines.CHUNK_RECORDS);
        assertThat(lines.end()).hasSize(1);
        assertThat(lines.records()).isEqualTo(count);
    }

    @Test
    void aChunkIsBoundedInBytesToo() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 2000);
        String line = "{\"value\":\"" + "x".repeat(900) + "\"}\n";
        int count = NdjsonLines.CHUNK_BYTES / 902 + 1;

        List<List<NewRecord>> chunks = lines.feed(utf8(line.repeat(count + 5)));

        assertThat(chunks).extracting(List::size).containsExactly(count);
        assertThat(lines.end()).hasSize(5);
    }

    @Test
    void aLongLineIsRefusedBeforeItEnds() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 20);
        lines.feed(utf8("{}\n{\"value\":12345678"));

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> lines.feed(utf8("9012")))
                .satisfies(refusal -> {
                    assertThat(refusal.error()).isEqualTo(HubError.RECORD_TOO_LARGE);
                    assertThat(refusal.violations().getFirst().pointer()).isEqualTo("#/records/1");
                });
    }

    @Test
    void emptyLinesDoNotCountInPointers() {
        NdjsonLines lines = new NdjsonLines(LIMITS, 100);

        assertThatExceptionOfType(HubException.class)
                .isThrownBy(() -> lines.feed(utf8("\n{}\n\r\n{}\nx\n")))
                .satisfies(refusal ->
                        assertThat(refusal.violations().getFirst().pointer()).isEqualTo("#/records/2"));
    }

    private static List<String> values(byte[]... pieces) {
        NdjsonLines lines = new NdjsonLines(LIMITS, 100);
        List<NewRecord> records = new ArrayList<>();
        for (byte[] piece : pieces) {
            lines.feed(piece).forEach(records::addAll);
        }
        records.addAll(lines.end());
        return records.stream()
                .map(record -> record.value() == null ? "null" : new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
