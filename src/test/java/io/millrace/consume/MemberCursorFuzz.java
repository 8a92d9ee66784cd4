package io.millrace.consume;

import static io.millrace.fuzz.Bounded.same;

import io.millrace.cursor.Bases;
import io.millrace.cursor.KnownBases;
import io.millrace.cursor.Positions;
import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.JsonTexts;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Cursors of members: bytes as text, and the same bytes with the checksum that a hub would give them. */
public final class MemberCursorFuzz implements FuzzTarget {

    private static final int GROUP = 7;

    private final Bases bases =
            KnownBases.of(-1L - GROUP, new Positions(new int[] {1, 5}, new long[] {0, Long.MAX_VALUE}));

    @Override
    public Stream<byte[]> seeds() {
        return Stream.concat(
                Stream.of(
                                "02 07 03 00 02 01 05 00 ff01",
                                "02 07 03 01 00000000000000000000000000000000 01 05 01",
                                "02 08 03 01 00000000000000000000000000000000 00",
                                "02 07 03 01 01000000000000000000000000000000 00")
                        .map(JsonTexts::hex),
                Stream.of(new MemberCursor(
                                        GROUP, 3, new Positions(new int[] {1, 2}, new long[] {0, Long.MAX_VALUE}), null)
                                .encode(bases))
                        .map(JsonTexts::utf8));
    }

    @Override
    public void run(byte[] input) {
        check(input, new String(input, StandardCharsets.ISO_8859_1));
        check(input, KnownBases.sealed(input));
    }

    private void check(byte[] input, String text) {
        MemberCursor cursor =
                Bounded.run(input, () -> MemberCursor.decode(text, bases)).value();
        if (cursor != null && cursor.positions().count() <= MemberCursor.MANY) {
            MemberCursor again = MemberCursor.decode(cursor.encode(bases), bases);
            same(cursor.positions(), again.positions(), "a cursor is read as it is written");
            same(cursor.epoch(), again.epoch(), "a cursor is read as it is written");
        }
    }
}
