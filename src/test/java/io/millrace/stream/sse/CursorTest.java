package io.millrace.stream.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cursor.CursorWriter;
import io.millrace.cursor.Positions;
import io.millrace.event.TopicPartition;
import io.millrace.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cursors of few partitions; {@link ShortCursorIT} tests those of many. */
class CursorTest {

    @Test
    void aCursorIsReadAsItWasWritten() {
        StreamPosition position = position(7, 0, 0L, 2, 300L, 5, Long.MAX_VALUE);
        assertThat(Cursor.read(position.toString(), 7, null))
                .isEqualTo(new Cursor.Read.Understood(new Cursor(
                        7, 2, 6, new Positions(new int[] {0, 2, 5}, new long[] {0, 300, Long.MAX_VALUE}), null)));
    }

    @Test
    void theCursorOfARecordIsThePositionAfterIt() {
        StreamPosition position = position(7, 0, 0L, 2, 300L);
        CursorWriter.Beginning beginning = position.beginning();
        String afterRecord = new String(beginning.text(), StandardCharsets.US_ASCII) + "."
                + new String(StreamPosition.rest(beginning, 2, 301), StandardCharsets.US_ASCII);
        position.moved(2, 301);
        assertThat(Cursor.read(afterRecord, 7, null)).isEqualTo(Cursor.read(position.toString(), 7, null));
    }

    @Test
    void anUnusableCursorGivesTheReason() {
        String text = position(7, 0, 1L).toString();
        assertThat(Cursor.read(text, 8, null)).isEqualTo(Cursor.OF_OTHER_TOPIC);
        assertThat(Cursor.read(text + "A", 7, null)).isEqualTo(Cursor.INVALID);
        assertThat(Cursor.read("", 7, null)).isEqualTo(Cursor.INVALID);
        assertThat(Cursor.read(numbers(1, 7, 0, 1, 0, 1, 0, 1), 7, null))
                .as("version")
                .isEqualTo(Cursor.INVALID);
        assertThat(Cursor.read(numbers(2, 7, 0, 1, 2, 1, 0, 1), 7, null))
                .as("form")
                .isEqualTo(Cursor.INVALID);
        assertThat(Cursor.read(numbers(2, 7, 0, 1, 0, 1, 0, 1, 4, 1), 7, null))
                .as("a step of another partition")
                .isEqualTo(Cursor.INVALID);
        assertThat(Cursor.read(numbers(2, 7, 0, 1, 0, 1, 0, 1, 0, 1, 0), 7, null))
                .as("two steps")
                .isEqualTo(Cursor.INVALID);
        assertThat(Cursor.read(numbers(2, 7, 0, 1, 1, 5), 7, null))
                .as("no base")
                .isEqualTo(Cursor.INVALID);
    }

    @Test
    void aCursorFitsAHeaderAndAUrl() {
        Object[] many = IntStream.range(0, StreamPosition.MAX_WHOLE)
                .boxed()
                .flatMap(i -> java.util.stream.Stream.of((Object) i, 100_000_000L))
                .toArray();
        assertThat(position(1, many).toString()).matches("[A-Za-z0-9_.-]+").hasSizeLessThan(800);
        assertThat(position(1, 0, 1000L).toString()).hasSizeLessThan(20);
    }

    private static String numbers(long... numbers) {
        CursorWriter out = new CursorWriter();
        for (long number : numbers) {
            out.put(number);
        }
        return out.encode();
    }

    /** @param places alternating partitions and next offsets */
    private static StreamPosition position(int topicId, Object... places) {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        for (int i = 0; i < places.length; i += 2) {
            positions.put(new TopicPartition("t", (int) places[i]), (long) places[i + 1]);
        }
        StreamPosition position = new StreamPosition("t", topicId, null, Ticker.SYSTEM);
        position.follow(6, 2, positions);
        return position;
    }
}
