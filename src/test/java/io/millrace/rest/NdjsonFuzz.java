package io.millrace.rest;

import static io.millrace.fuzz.Bounded.same;
import static io.millrace.json.JsonTexts.utf8;

import io.millrace.budget.ClientMemory;
import io.millrace.edge.Places;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.time.Ticker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** NDJSON bodies: the records, and the first error, do not depend on how TCP has cut the body; no memory stays held. */
public final class NdjsonFuzz implements FuzzTarget {

    private static final RecordLimits LIMITS = new RecordLimits(200, 10, 3);
    private static final int LONGEST_LINE = 300;

    private final ClientMemory memory = new ClientMemory(1L << 30, Ticker.SYSTEM);

    /** The first byte is the length of pieces. */
    @Override
    public Stream<byte[]> seeds() {
        return Stream.of(
                        "\u0007{\"value\":1}\n\r\n"
                                + "{\"value\":\"\u00e9\ud83d\ude80\"}\r\n"
                                + " \t\n\n"
                                + "{\"value\":[ ]}\n"
                                + "{\"value\":null}",
                        "\u0001{\"key\":\"k\",\"headers\":[{\"name\":\"a\",\"value\":\"b\"}],\"partition\":3}\n"
                                + "{}\n"
                                + "x\n"
                                + "{}\n",
                        "\u0010{\"value\":\"" + "x".repeat(310) + "\"}\n{}\n",
                        "\u0003\n\n\n{\"value\":")
                .map(text -> utf8(text));
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        int piece = 1 + (input[0] & 0x3f);
        List<String> whole =
                Bounded.run(input, () -> read(body, Math.max(1, body.length))).value();
        // A piece costs an array of its own.
        List<String> pieces = Bounded.run(input, () -> read(body, piece)).value();
        same(whole, pieces, "records do not depend on where the bytes are cut");
        same(memory.held(), 0L, "no memory stays held");
    }

    private List<String> read(byte[] body, int piece) {
        List<String> read = new ArrayList<>();
        try (NdjsonLines lines =
                new NdjsonLines(LIMITS, LONGEST_LINE, memory.share().hold(), Ticker.SYSTEM)) {
            try {
                for (int at = 0; at < body.length; at += piece) {
                    lines.feed(Arrays.copyOfRange(body, at, Math.min(body.length, at + piece)));
                }
                lines.end();
            } catch (HubException refusal) {
                take(lines, read);
                read.add(refusal.error().code()
                        + refusal.getMessage()
                        + Places.text(refusal.violations().getFirst().place()));
            }
            take(lines, read);
        }
        return read;
    }

    private static void take(NdjsonLines lines, List<String> read) {
        while (!lines.isEmpty()) {
            List<NewRecord> chunk = lines.take();
            lines.handedOn(chunk);
            for (NewRecord record : chunk) {
                read.add(record.partition() + " " + Arrays.hashCode(record.key()) + " "
                        + Arrays.hashCode(record.value()) + " " + Arrays.hashCode(record.headers()));
            }
        }
    }
}
