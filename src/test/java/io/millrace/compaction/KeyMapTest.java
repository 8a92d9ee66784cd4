package io.millrace.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compaction.KeyMap.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyMapTest {

    private static final int SIXTEEN_SLOTS = 24 * 16;

    private record Hash(long high, long low) {}

    @Test
    void aValueReplacesTheOneBefore() {
        KeyMap map = new KeyMap(SIXTEEN_SLOTS);

        assertThat(map.put(1, 1, 0)).isEqualTo(KeyMap.NONE);
        assertThat(map.put(1, 1, 7)).isEqualTo(0);
        assertThat(map.put(1, 1, 9)).isEqualTo(7);
        assertThat(map.put(1, 1, 9)).isEqualTo(9);
    }

    @Test
    void keysThatDifferInAnyHalfOfTheirHashesAreDifferentThoughTheyShareASlot() {
        KeyMap map = new KeyMap(SIXTEEN_SLOTS);

        assertThat(map.put(1, 15, 10)).isEqualTo(KeyMap.NONE);
        assertThat(map.put(2, 15, 20)).isEqualTo(KeyMap.NONE);
        assertThat(map.put(1, 31, 30)).isEqualTo(KeyMap.NONE);

        assertThat(map.put(1, 15, 0)).isEqualTo(10);
        assertThat(map.put(2, 15, 0)).isEqualTo(20);
        assertThat(map.put(1, 31, 0)).isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource({"384, 12", "767, 12", "768, 24", "383, 6", "0, 2"})
    void isFullAtThreeQuartersOfAPowerOfTwoOfSlots(long bytes, int keys) {
        KeyMap map = new KeyMap(bytes);
        for (int key = 0; key < keys; key++) {
            assertThat(map.isFull()).as("%s keys", key).isFalse();
            map.put(key, key, 1);
            map.put(key, key, 2);
        }
        assertThat(map.isFull()).isTrue();
    }

    @Test
    void isEmptyAfterClearing() {
        KeyMap map = new KeyMap(SIXTEEN_SLOTS);
        for (int key = 0; key < 12; key++) {
            map.put(key, key, key);
        }

        map.clear();

        assertThat(map.isFull()).isFalse();
        assertThat(map.put(3, 3, 0)).isEqualTo(KeyMap.NONE);
    }

    @Test
    void retainsTheKeysOfASliceWithTheirValues() {
        KeyMap map = new KeyMap(SIXTEEN_SLOTS);
        for (int key = 0; key < 12; key++) {
            map.put(key, 5, 100 + key);
        }

        map.retain(Slice.ALL.upper());

        List<Long> values = new ArrayList<>();
        for (int key = 0; key < 12; key++) {
            values.add(map.put(key, 5, 0));
        }
        assertThat(values).containsExactly(-1L, 101L, -1L, 103L, -1L, 105L, -1L, 107L, -1L, 109L, -1L, 111L);
    }

    @Test
    void hasRoomForOthersInPlaceOfWhatIsNotRetained() {
        KeyMap map = new KeyMap(SIXTEEN_SLOTS);
        for (int key = 0; key < 12; key++) {
            map.put(key, 5, key);
        }

        map.retain(Slice.ALL.lower());

        for (int key = 100; key < 106; key++) {
            assertThat(map.isFull()).as("6 keys and %s others", key - 100).isFalse();
            map.put(key, 5, key);
        }
        assertThat(map.isFull()).isTrue();
    }

    @Test
    void slicesAreTheLowestBitsOfTheHash() {
        assertThat(Slice.ALL.lower()).isEqualTo(new Slice(0b1, 0b0));
        assertThat(Slice.ALL.upper()).isEqualTo(new Slice(0b1, 0b1));
        assertThat(Slice.ALL.upper().lower()).isEqualTo(new Slice(0b11, 0b01));
        assertThat(Slice.ALL.upper().upper()).isEqualTo(new Slice(0b11, 0b11));
        assertThat(Slice.ALL.lower().upper().upper()).isEqualTo(new Slice(0b111, 0b110));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aHashOfASliceIsInExactlyOneOfItsHalves(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            long hash = random.nextLong();
            Slice slice = Slice.ALL;
            for (int depth = 0; depth < 60; depth++) {
                Slice lower = slice.lower();
                Slice upper = slice.upper();
                assertThat(lower.has(hash) ^ upper.has(hash))
                        .as("%x in %s", hash, slice)
                        .isTrue();
                assertThat(lower.has(~hash) || upper.has(~hash))
                        .as("%x, which only the first slice has, too", ~hash)
                        .isEqualTo(slice.has(~hash));
                slice = lower.has(hash) ? lower : upper;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noKeyIsLostWhileTheMapIsHalvedAgainAndAgain(int seed) {
        Random random = new Random(seed);
        List<Hash> keys = new ArrayList<>();
        for (int i = random.nextInt(500); i >= 0; i--) {
            keys.add(new Hash(random.nextLong(), random.nextInt(40)));
        }
        List<Hash> log = new ArrayList<>();
        Map<Hash, Long> newest = new HashMap<>();
        for (long ordinal = 0; ordinal < 2000; ordinal++) {
            Hash key = keys.get(random.nextInt(keys.size()));
            log.add(key);
            newest.put(key, ordinal);
        }

        Map<Hash, Long> found = new HashMap<>();
        KeyMap map = new KeyMap(SIXTEEN_SLOTS);
        Deque<Slice> left = new ArrayDeque<>(List.of(Slice.ALL));
        while (!left.isEmpty()) {
            map.clear();
            Slice slice = pass(map, log, left);
            newest.keySet().stream().filter(key -> slice.has(key.high())).forEach(key -> assertThat(
                            found.put(key, map.put(key.high(), key.low(), 0)))
                    .as("%s, found by an earlier pass", key)
                    .isNull());
        }

        assertThat(found).isEqualTo(newest);
    }

    /** Puts the keys of a slice, or of the part of it that fits; leaves the rest for other passes. */
    private static Slice pass(KeyMap map, List<Hash> log, Deque<Slice> left) {
        Slice slice = left.removeLast();
        for (int ordinal = 0; ordinal < log.size(); ordinal++) {
            Hash key = log.get(ordinal);
            while (map.isFull() && slice.has(key.high())) {
                left.add(slice.upper());
                slice = slice.lower();
                map.retain(slice);
            }
            if (slice.has(key.high())) {
                map.put(key.high(), key.low(), ordinal);
            }
        }
        return slice;
    }
}
