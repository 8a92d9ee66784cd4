package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.TopicPartition;
import io.millrace.group.Owned;
import io.millrace.web.CursorWriter;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GroupCursorTest {

    private static final GroupCursor CURSOR = new GroupCursor(
            7,
            new TreeMap<>(Map.of(
                    1,
                    new GroupCursor.Position(3, 0),
                    2,
                    new GroupCursor.Position(4, Long.MAX_VALUE),
                    Integer.MAX_VALUE - 1,
                    new GroupCursor.Position(5, 12))));

    @Test
    void itIsReadAsItWasWritten() {
        for (GroupCursor cursor : List.of(CURSOR, new GroupCursor(1, new TreeMap<>()))) {
            assertThat(cursor.encode()).matches("[A-Za-z0-9_-]+");
            assertThat(GroupCursor.decode(cursor.encode())).contains(cursor);
        }
    }

    @Test
    void aPositionCountsOnlyUnderTheEpochOfItsOwnership() {
        assertThat(CURSOR.nextOffset(owned(1, 3))).isEqualTo(OptionalLong.of(0));
        assertThat(CURSOR.nextOffset(owned(1, 4))).isEmpty();
        assertThat(CURSOR.nextOffset(owned(3, 3))).isEmpty();
    }

    @Test
    void whatWasCutChangedOrNeverACursorIsNone() {
        String text = CURSOR.encode();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(GroupCursor.decode(text.substring(0, i) + other + text.substring(i + 1)))
                    .isEmpty();
            assertThat(GroupCursor.decode(text.substring(0, i))).isEmpty();
        }
        for (String none :
                List.of("", "=", "a b", "\u00e9", text + "A", numbers(2, 7, 0), numbers(1, 7), numbers(1, 7, 1, 1))) {
            assertThat(GroupCursor.decode(none)).as(none).isEmpty();
        }
        assertThat(GroupCursor.decode(numbers(1, 7, 0, 1)))
                .as("more than it says")
                .isEmpty();
        assertThat(GroupCursor.decode(numbers(1, 7, Integer.MAX_VALUE))).isEmpty();
        assertThat(GroupCursor.decode(numbers(1, 1L << 40, 0))).isEmpty();
    }

    private static Owned owned(int partitionId, long epoch) {
        return new Owned(new TopicPartition("a", 0), partitionId, epoch, 99, false);
    }

    private static String numbers(long... numbers) {
        CursorWriter out = new CursorWriter(numbers.length);
        for (long number : numbers) {
            out.put(number);
        }
        return new String(out.encode(), java.nio.charset.StandardCharsets.US_ASCII);
    }
}
