package io.millrace.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.cursor.CursorWriter;
import io.millrace.cursor.Positions;
import io.millrace.edge.Places;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.group.Owned;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Cursors of few partitions; {@code GroupCursorIT} has those of many. */
class MemberCursorTest {

    private static final MemberCursor CURSOR = new MemberCursor(
            7, 3, new Positions(new int[] {1, 2, Integer.MAX_VALUE - 1}, new long[] {0, Long.MAX_VALUE, 12}), null);

    @Test
    void itIsReadAsItWasWritten() {
        for (MemberCursor cursor : List.of(CURSOR, new MemberCursor(1, 0, Positions.NONE, null))) {
            assertThat(cursor.encode(null)).matches("[A-Za-z0-9_.-]+");
            assertThat(MemberCursor.decode(cursor.encode(null), null)).isEqualTo(cursor);
        }
    }

    @Test
    void aPositionCountsOnlyIfThePartitionWasOwnedByThen() {
        assertThat(CURSOR.nextOffset(owned(1, 3))).isEqualTo(OptionalLong.of(0));
        assertThat(CURSOR.nextOffset(owned(1, 2))).isEqualTo(OptionalLong.of(0));
        assertThat(CURSOR.nextOffset(owned(1, 4))).isEmpty();
        assertThat(CURSOR.nextOffset(owned(3, 3))).isEmpty();
    }

    @Test
    void textsThatAreNotCursorsAreRefused() {
        String text = CURSOR.encode(null);
        for (int i = 0; i < text.length(); i++) {
            assertRefused(text.substring(0, i));
        }
        for (String none : List.of(
                "",
                "=",
                "a b",
                "\u00e9",
                text + "A",
                numbers(1, 7, 3, 0, 0),
                numbers(2, 7, 3),
                numbers(2, 7, 3, 0, 1, 1),
                numbers(2, 7, 3, 2, 0),
                numbers(2, 7, 3, 1, 0),
                numbers(2, 7, 3, 0, 0, 1),
                numbers(2, 7, 3, 0, Integer.MAX_VALUE),
                numbers(2, 1L << 40, 3, 0, 0))) {
            assertRefused(none);
        }
    }

    private static void assertRefused(String text) {
        HubException refusal = catchThrowableOfType(HubException.class, () -> MemberCursor.decode(text, null));
        assertThat(refusal).as(text).isNotNull();
        assertThat(refusal.error()).isEqualTo(HubError.INVALID_REQUEST);
        assertThat(Places.text(refusal.violations().getFirst().place())).isEqualTo("?cursor");
    }

    private static Owned owned(int partitionId, long epoch) {
        return new Owned(new TopicPartition("a", 0), partitionId, epoch, 99, false);
    }

    private static String numbers(long... numbers) {
        CursorWriter out = new CursorWriter();
        for (long number : numbers) {
            out.put(number);
        }
        return out.encode();
    }
}
