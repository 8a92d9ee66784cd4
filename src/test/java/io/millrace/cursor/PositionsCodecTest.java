package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PositionsCodecTest {

    private static final Positions OLD = new Positions(new int[] {0, 3, 7}, new long[] {5, 0, Long.MAX_VALUE});

    @Test
    void positionsComeBackAsTheyWere() {
        for (Positions positions : new Positions[] {Positions.NONE, OLD}) {
            CursorWriter out = new CursorWriter();
            PositionsCodec.write(out, positions);
            assertThat(PositionsCodec.read(CursorReader.of(out.toByteArray()))).isEqualTo(positions);
        }
    }

    @Test
    void differencesCoverRemovedAddedAndMovedPositions() {
        Positions now = new Positions(new int[] {1, 3, 7, 9}, new long[] {0, 4, 0, 2});
        assertThat(now.differences(OLD, 100)).isEqualTo(5);
        assertThat(now.differences(OLD, 2)).isEqualTo(2);
        assertThat(changed(OLD, now)).isEqualTo(now);
        assertThat(changed(now, OLD)).isEqualTo(OLD);
        assertThat(changed(OLD, Positions.NONE)).isEqualTo(Positions.NONE);
        assertThat(changed(OLD, OLD)).isEqualTo(OLD);
        assertThat(differences(OLD, OLD)).hasSize(1);
    }

    @Test
    void differencesOfAnyTwoPositionsComeBackAsTheyWere() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            Positions old = any(random);
            Positions now = any(random);
            assertThat(changed(old, now)).isEqualTo(now);
            assertThat(now.differences(old, Integer.MAX_VALUE))
                    .isEqualTo(CursorReader.of(differences(old, now)).number());
        }
    }

    @Test
    void differencesAtKnownIndexesAreWrittenTheSameWay() {
        Positions now = new Positions(new int[] {0, 3, 7, 8}, new long[] {5, 1, 4, 0});
        BitSet differing = BitSet.valueOf(new long[] {0b1110});
        CursorWriter out = new CursorWriter();
        PositionsCodec.writeDifferences(out, OLD, now, differing);
        assertThat(out.toByteArray()).isEqualTo(differences(OLD, now));
    }

    @Test
    void forgedNumbersAreRefused() {
        for (long[] forged : new long[][] {{1_000_000, 0}, {2, 0, 1}, {1, Integer.MAX_VALUE + 1L, 0}, {1L << 40}}) {
            CursorWriter out = new CursorWriter();
            for (long number : forged) {
                out.put(number);
            }
            byte[] numbers = out.toByteArray();
            assertThatThrownBy(() -> PositionsCodec.read(CursorReader.of(numbers)))
                    .isInstanceOf(RuntimeException.class);
            assertThat(CursorReader.read(
                            CursorReader.of(numbers), in -> java.util.Optional.of(PositionsCodec.read(in))))
                    .isEmpty();
            assertThat(CursorReader.read(
                            CursorReader.of(numbers),
                            in -> java.util.Optional.of(PositionsCodec.readDifferences(in, Positions.NONE))))
                    .isEmpty();
        }
        byte[] below = new CursorWriter().put(1).put(0).put(11).toByteArray(); // 5 - 6
        assertThatThrownBy(() -> PositionsCodec.readDifferences(CursorReader.of(below), OLD))
                .isInstanceOf(ArithmeticException.class);
    }

    private static Positions any(Random random) {
        Map<Integer, Long> any = new TreeMap<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            any.put(random.nextInt(40), random.nextInt(4) == 0 ? random.nextLong() >>> 1 : (long) random.nextInt(3));
        }
        return new Positions(
                any.keySet().stream().mapToInt(Integer::intValue).toArray(),
                any.values().stream().mapToLong(Long::longValue).toArray());
    }

    private static Positions changed(Positions old, Positions now) {
        return PositionsCodec.readDifferences(CursorReader.of(differences(old, now)), old);
    }

    private static byte[] differences(Positions old, Positions now) {
        CursorWriter out = new CursorWriter();
        PositionsCodec.writeDifferences(out, old, now);
        return out.toByteArray();
    }
}
