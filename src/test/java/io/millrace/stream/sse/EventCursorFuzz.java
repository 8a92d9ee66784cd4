package io.millrace.stream.sse;

import io.millrace.cursor.Bases;
import io.millrace.cursor.KnownBases;
import io.millrace.cursor.Positions;
import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.JsonTexts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/** Cursors of event streams: bytes as text, and the same bytes with the checksum that a hub would give them. */
public final class EventCursorFuzz implements FuzzTarget {

    private static final int TOPIC = 7;

    private final Bases bases = KnownBases.of(TOPIC, new Positions(new int[] {1, 5}, new long[] {0, Long.MAX_VALUE}));

    @Override
    public Stream<byte[]> seeds() {
        return Stream.concat(
                Stream.of(
                                "02 07 03 06 00 02 00 05 00 ff01",
                                "02 07 03 06 00 02 00 05 00 ff01 00 09",
                                "02 07 03 06 01 00000000000000000000000000000000 01 05 01",
                                "02 07 03 06 01 00000000000000000000000000000000 00 05 07",
                                "02 08 03 06 00 00",
                                "02 07 03 06 01 01000000000000000000000000000000 00")
                        .map(JsonTexts::hex),
                Stream.of("AgcCBgMAAAKsAgL__________38.3u0kKA", "", ".", "=.=").map(JsonTexts::utf8));
    }

    @Override
    public void run(byte[] input) {
        check(input, new String(input, StandardCharsets.ISO_8859_1));
        check(input, KnownBases.sealed(input));
    }

    private void check(byte[] input, String text) {
        Cursor.Read read =
                Bounded.run(input, () -> Cursor.read(text, TOPIC, bases)).value();
        if (read instanceof Cursor.Read.Understood understood) {
            Cursor cursor = understood.cursor();
            Bounded.check(cursor.topicId() == TOPIC, "a cursor is of its topic");
            Bounded.check(
                    Arrays.stream(cursor.positions().nextOffsets()).allMatch(offset -> offset >= 0),
                    "offsets are not negative");
        }
    }
}
