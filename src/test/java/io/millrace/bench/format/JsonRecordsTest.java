package io.millrace.bench.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.run.BenchException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonRecordsTest {

    private final JsonRecords scanner = new JsonRecords();
    private ScannedRecords read = new ScannedRecords();

    @Test
    void offsetsAndValueLengthsAreReadFromAFrame() {
        page("""
            {"type":"records","id":"s","topic":"t","partition":3,"records":[\
            {"offset":7,"timestamp":1,"key":"a","value":{"at":1000000000000042,"text":"x"},"headers":[]},\
            {"offset":8,"timestamp":1,"key":null,"value":[1,2],"headers":[{"name":"n","value":"v"}]}],\
            "next_offset":9,"high_watermark":12}\
            """);

        assertThat(read.partition()).isEqualTo(3);
        assertThat(read.firstOffset()).isEqualTo(7);
        assertThat(read.count()).isEqualTo(2);
        assertThat(read.contiguous()).isTrue();
        assertThat(read.nextOffset()).isEqualTo(9);
        assertThat(read.valueBytes()).isEqualTo("{\"at\":1000000000000042,\"text\":\"x\"}".length() + "[1,2]".length());
        assertThat(read.sendTimes()).containsExactly(1000000000000042L, 0);
    }

    @Test
    void textInAValueIsNotMistakenForARecord() {
        page("""
            {"partition":0,"records":[{"offset":0,"value":{"offset":5,"records":[{"offset":9}],\
            "text":"},{\\"offset\\":1,\\\\"},"key":"]}"}],"next_offset":1}\
            """);

        assertThat(read.count()).isEqualTo(1);
        assertThat(read.firstOffset()).isZero();
        assertThat(read.partition()).isZero();
    }

    @Test
    void gapsAndRepetitionsAreDetected() {
        page("{\"partition\":0,\"records\":[{\"offset\":1},{\"offset\":3}],\"next_offset\":4}");
        assertThat(read.contiguous()).isFalse();

        page("{\"partition\":0,\"records\":[{\"offset\":1},{\"offset\":1}],\"next_offset\":2}");
        assertThat(read.contiguous()).isFalse();

        page("{\"partition\":0,\"records\":[{\"offset\":1},{\"offset\":2}],\"next_offset\":3}");
        assertThat(read.contiguous()).isTrue();
    }

    @Test
    void aStringEndsAtItsQuoteAtAnyPosition() {
        for (int length = 0; length < 20; length++) {
            String text = "x".repeat(length) + "\\\"" + "y".repeat(length) + "\\\\";
            line("{\"offset\":1,\"value\":\"" + text + "\",\"partition\":2}");

            assertThat(read.valueBytes()).isEqualTo(text.length() + 2);
            assertThat(read.partition()).isEqualTo(2);
        }
    }

    @Test
    void aLineIsOneRecord() {
        line("{\"topic\":\"t\",\"partition\":1,\"offset\":42,\"value\":null}");

        assertThat(read.partition()).isEqualTo(1);
        assertThat(read.firstOffset()).isEqualTo(42);
        assertThat(read.count()).isEqualTo(1);
        assertThat(read.valueBytes()).isEqualTo(4);
    }

    @Test
    void truncatedOrOtherTextIsRefused() {
        for (String text : new String[] {
            "",
            "[]",
            "{}",
            "{\"partition\":0}",
            "{\"partition\":0,\"records\":[],\"next_offset\":1}x",
            "{\"partition\":0,\"records\":[],\"next_offset\":1.5}",
            "{\"partition\":0,\"records\":[{\"offset\":1,\"value\":\"abc",
        }) {
            assertThatThrownBy(() -> page(text)).as(text).isInstanceOf(BenchException.class);
        }
    }

    private void page(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        read = scanner.page(bytes, 0, bytes.length);
    }

    private void line(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        read = scanner.line(bytes, 0, bytes.length);
    }
}
