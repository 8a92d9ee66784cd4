package io.millrace.cursor;

import static io.millrace.fuzz.Bounded.check;
import static io.millrace.fuzz.Bounded.same;

import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The numbers in cursors: positions have ascending keys and no negative offset, and come back as they were. */
public final class PositionsFuzz implements FuzzTarget {

    private static final Positions OLD = new Positions(new int[] {0, 3, 7}, new long[] {5, 0, Long.MAX_VALUE});

    @Override
    public Stream<byte[]> seeds() {
        return Stream.of(
                new CursorWriter()
                        .put(2)
                        .put(0)
                        .put(5)
                        .put(3)
                        .put(Long.MAX_VALUE)
                        .toByteArray(),
                new CursorWriter()
                        .put(3)
                        .put(0)
                        .put(9)
                        .put(2)
                        .put(0)
                        .put(0)
                        .put(77)
                        .toByteArray(),
                new CursorWriter().put(1).put(Integer.MAX_VALUE).put(1).toByteArray(),
                new CursorWriter().put(1_000_000).put(0).toByteArray(),
                new CursorWriter().put(2).put(0).put(1).beginning().whole());
    }

    @Override
    public void run(byte[] input) {
        Positions whole = read(input, in -> Optional.of(PositionsCodec.read(in)));
        if (whole != null) {
            checkPositions(whole);
            CursorWriter out = new CursorWriter();
            PositionsCodec.write(out, whole);
            same(whole, PositionsCodec.read(CursorReader.of(out.toByteArray())), "positions come back");
        }
        Positions moved = read(input, in -> Optional.of(PositionsCodec.readDifferences(in, OLD)));
        if (moved != null) {
            checkPositions(moved);
            CursorWriter out = new CursorWriter();
            PositionsCodec.writeDifferences(out, OLD, moved);
            same(moved, PositionsCodec.readDifferences(CursorReader.of(out.toByteArray()), OLD), "differences do");
        }
        String text = new String(input, StandardCharsets.ISO_8859_1);
        Bounded.run(input, () -> CursorReader.read(text, in -> Optional.of(PositionsCodec.read(in))));
    }

    private static @Nullable Positions read(
            byte[] input, java.util.function.Function<CursorReader, Optional<Positions>> decode) {
        Optional<Positions> read = Bounded.run(input, () -> CursorReader.read(CursorReader.of(input), decode))
                .value();
        return read == null ? null : read.orElse(null);
    }

    private static void checkPositions(Positions positions) {
        for (int i = 1; i < positions.count(); i++) {
            check(positions.keys()[i - 1] < positions.keys()[i], "keys ascend");
        }
        check(positions.count() == 0 || positions.keys()[0] >= 0, "keys are not negative");
        check(Arrays.stream(positions.nextOffsets()).allMatch(offset -> offset >= 0), "offsets are not negative");
    }
}
