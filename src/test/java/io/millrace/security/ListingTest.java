package io.millrace.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ListingTest {

    private static final List<String> NAMES = List.of("a1", "b1", "b2", "b3", "c1", "d1", "d2");

    private final List<String> reads = new ArrayList<>();

    @Test
    void oneReadIsEnoughIfEverythingIsVisible() {
        assertThat(first(3, "", _ -> true)).containsExactly("a1", "b1", "b2");
        assertThat(reads).containsExactly("3 after ");
    }

    @Test
    void furtherReadsReplaceTheRowsLeftOut() {
        assertThat(first(3, "a1", name -> !name.startsWith("b"))).containsExactly("c1", "d1", "d2");
        assertThat(reads).containsExactly("3 after a1", "3 after b3");
    }

    @Test
    void noMoreIsShownThanAskedFor() {
        assertThat(first(2, "", name -> !name.equals("a1"))).containsExactly("b1", "b2");
    }

    @Test
    void readsStopAtTheEnd() {
        assertThat(first(10, "", _ -> false)).isEmpty();
        assertThat(first(10, "d2", _ -> true)).isEmpty();
        assertThat(first(7, "", _ -> false)).isEmpty();
        assertThat(reads).containsExactly("10 after ", "10 after d2", "7 after ", "7 after d2");
    }

    private List<String> first(int most, String after, Predicate<String> visible) {
        return Listing.first(
                most,
                after,
                (from, limit) -> {
                    reads.add(limit + " after " + from);
                    return NAMES.stream()
                            .filter(name -> name.compareTo(from) > 0)
                            .limit(limit)
                            .toList();
                },
                Function.identity(),
                visible);
    }
}
