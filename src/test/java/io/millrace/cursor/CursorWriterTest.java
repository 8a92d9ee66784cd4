package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CursorWriterTest {

    private static final String TEXT =
            new CursorWriter().put(2).put(0).put(300).put(Long.MAX_VALUE).encode();

    @Test
    void numbersComeBackAsTheyWere() {
        assertThat(read(TEXT)).contains(List.of(2L, 0L, 300L, Long.MAX_VALUE));
        assertThat(TEXT).matches("[A-Za-z0-9_.-]+");
    }

    @Test
    void cursorsShareABeginning() {
        CursorWriter.Beginning beginning = new CursorWriter().put(2).put(77).beginning();
        String text = new String(beginning.text(), StandardCharsets.US_ASCII) + "."
                + new String(beginning.rest(new CursorWriter().put(300).put(4)), StandardCharsets.US_ASCII);
        assertThat(read(text)).contains(List.of(2L, 77L, 300L, 4L));
        assertThat(read(new String(beginning.whole(), StandardCharsets.US_ASCII)))
                .contains(List.of(2L, 77L));
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        for (int i = 0; i < TEXT.length(); i++) {
            char other = TEXT.charAt(i) == 'A' ? 'B' : 'A';
            String changed = TEXT.substring(0, i) + other + TEXT.substring(i + 1);
            // The last character has unused bits: a change of those leaves the cursor the same.
            assertThat(read(changed).filter(read -> !read.equals(read(TEXT).orElseThrow())))
                    .as(changed)
                    .isEmpty();
            assertThat(read(TEXT.substring(0, i))).as(TEXT.substring(0, i)).isEmpty();
        }
        assertThat(read(TEXT + "A")).isEmpty();
    }

    @Test
    void garbageIsNoCursor() {
        Random random = new Random(42);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(40), 1, 128).forEach(c -> text.append((char) c));
            assertThat(read(text.toString())).isEmpty();
        }
        for (String none : List.of("", ".", "..", "=", "a b", "\u00e4\u00f6\u4e2d")) {
            assertThat(read(none)).as(none).isEmpty();
        }
    }

    @Test
    void numbersLeftUnreadMakeACursorInvalid() {
        assertThat(CursorReader.read(TEXT, in -> Optional.of(in.number()))).isEmpty();
        assertThat(CursorReader.read(TEXT, in -> {
                    long first = in.number();
                    in.ignoreRest();
                    return Optional.of(first);
                }))
                .contains(2L);
    }

    private static Optional<List<Long>> read(String text) {
        return CursorReader.read(text, in -> {
            List<Long> numbers = new java.util.ArrayList<>();
            while (in.hasMore()) {
                numbers.add(in.number());
            }
            return Optional.of(numbers);
        });
    }
}
