package io.millrace.stream.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CursorTest {

    private static final Cursor CURSOR =
            new Cursor(7, 2, 6, new int[] {0, 2, 5}, new long[] {0, 300, Long.MAX_VALUE - 1});

    @Test
    void aCursorComesBackAsItWas() {
        Cursor read = Cursor.decode(CURSOR.toString()).orElseThrow();
        assertThat(read).isEqualTo(CURSOR);
        assertThat(read.topicId()).isEqualTo(7);
        assertThat(read.epochs()).isEqualTo(2);
        assertThat(read.partitionCount()).isEqualTo(6);
        assertThat(read.nextOffset(2)).isEqualTo(300);
    }

    @Test
    void aPartitionThatItDoesNotKnowHasNoPosition() {
        assertThat(CURSOR.nextOffset(1)).isEqualTo(-1);
        assertThat(CURSOR.nextOffset(6)).isEqualTo(-1);
    }

    @Test
    void itIsFitForAHeaderAndForAnAddress() {
        assertThat(CURSOR.toString()).matches("[A-Za-z0-9_-]+");
        assertThat(new Cursor(1, 0, 1, new int[] {0}, new long[] {1000}).toString())
                .hasSizeLessThan(20);
    }

    @Test
    void manyPartitionsStayFitForAHeader() {
        int count = 1000;
        int[] partitions = new int[count];
        long[] nextOffsets = new long[count];
        for (int i = 0; i < count; i++) {
            partitions[i] = i;
            nextOffsets[i] = 100_000_000L + i;
        }
        assertThat(new Cursor(1, 0, count, partitions, nextOffsets).toString()).hasSizeLessThan(7000);
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String text = CURSOR.toString();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            String changed = text.substring(0, i) + other + text.substring(i + 1);
            // The last character has bits that stand for nothing: a change there may leave the cursor what it was.
            assertThat(Cursor.decode(changed).filter(read -> !read.equals(CURSOR)))
                    .as(changed)
                    .isEmpty();
            assertThat(Cursor.decode(text.substring(0, i)))
                    .as(text.substring(0, i))
                    .isEmpty();
        }
    }

    @Test
    void garbageIsNoCursor() {
        Random random = new Random(42);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(40), 1, 128).forEach(c -> text.append((char) c));
            assertThat(Cursor.decode(text.toString())).isEmpty();
        }
        assertThat(Cursor.decode("\u00e4\u00f6\u4e2d")).isEmpty();
    }
}
