package io.millrace.verify.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.codec.ReadPage;
import io.millrace.codec.ReadRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MarkTest {

    private static final Mark MARK = new Mark("p0-7", 3, "p0", "k1", 42);

    @Test
    void aMarkIsReadAsItWasWritten() {
        assertThat(Mark.of(record("k1", MARK.json("")))).isEqualTo(MARK);
        assertThat(Mark.of(record("k1", MARK.json(",\"flight\":{\"origin\":\"SFO\"}"))))
                .isEqualTo(MARK);
    }

    @Test
    void aRecordWithAnotherKeyIsAnotherRecord() {
        assertThat(Mark.of(record("k2", MARK.json("")))).isNotEqualTo(MARK);
        assertThat(Mark.of(record(null, MARK.json("")))).isNotEqualTo(MARK);
    }

    @Test
    void aForeignRecordIsQuoted() {
        assertThat(Mark.of(record("k1", "{\"n\":1}"))).asString().contains("the value is {\"n\":1}");
        assertThat(Mark.of(record("k1", "17"))).asString().contains("the value is 17");
        assertThat(Mark.of(record("k1", "\u0000".repeat(200)))).asString().contains("…");
        assertThat(Mark.of(record(null, null))).asString().contains("the value is null");
    }

    @Test
    void equalMarksAreSharedWithTheHistory() {
        History sent = new History();
        Mark first = new Mark("p0-7", 0, "p0", "k1", 42);
        sent.sending("p0-7", List.of(first));

        List<Logged> read = Logged.of(
                new ReadPage(
                        "", "t", 2, 0, 0, 6, 6, List.of(record("k1", first.json("")), record("k2", first.json("")))),
                sent);

        assertThat(read.getFirst().mark()).isSameAs(first);
        assertThat(read.getFirst().at()).isEqualTo(new Position(2, 5));
        assertThat(read.getLast().mark()).isNotEqualTo(first);
    }

    private static ReadRecord record(@Nullable String key, @Nullable String value) {
        return new ReadRecord(5, 0, bytes(key), bytes(value), null, (byte) 0);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
