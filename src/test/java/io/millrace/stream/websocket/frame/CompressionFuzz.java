package io.millrace.stream.websocket.frame;

import static io.millrace.fuzz.Bounded.check;
import static io.millrace.fuzz.Bounded.same;

import io.millrace.budget.ClientMemory;
import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.JsonTexts;
import io.millrace.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Offers of compression, and compressed messages: what is inflated is what the JDK makes of it, and is bounded. */
public final class CompressionFuzz implements FuzzTarget {

    private static final int LONGEST = 200_000;

    /** For the message and the pieces from which it is joined. */
    private static final long FREE_BYTES = 8 * LONGEST;

    private final ClientMemory memory = new ClientMemory(1 << 30, Ticker.SYSTEM);

    @Override
    public Stream<byte[]> seeds() {
        return Stream.concat(
                Stream.of(
                                "permessage-deflate",
                                "permessage-deflate; client_max_window_bits=\"15\"; server_max_window_bits=15",
                                "x, permessage-deflate;server_no_context_takeover;client_no_context_takeover")
                        .map(JsonTexts::utf8),
                Stream.of(
                                "f2 48 cd c9 c9 07 00",
                                "00 05 00 fa ff 48 65 6c 6c 6f 00",
                                "f3 48 cd c9 c9 07 00 00",
                                "f2 48 05 00 00 00 ff ff ca c9 c9 07 00",
                                "ec c1 01 0d 00 00 00 c2 a0 f7 4f 6d 0e 37 a0 00 00 00 00 00 00 00 00 00 00 00 00 00"
                                        + " 00")
                        .map(JsonTexts::hex));
    }

    @Override
    public void run(byte[] input) {
        String header = new String(input, StandardCharsets.ISO_8859_1);
        String answer = Bounded.run(input, () -> String.valueOf(DeflateOffer.answer(List.of(header))))
                .value();
        check(answer.equals("null") || header.contains("permessage-deflate"), "only what is offered is agreed");
        MessageInflater inflater = new MessageInflater(memory.share(), LONGEST);
        MessageInflater.Outcome outcome = Bounded.run(input, FREE_BYTES, IllegalStateException.class, () -> {
                    inflater.clear();
                    return inflater.inflate(input, input.length);
                })
                .value();
        if (outcome == MessageInflater.Outcome.WHOLE) {
            byte[] message = Arrays.copyOf(inflater.array(), inflater.length());
            check(message.length <= LONGEST, "a message is bounded");
            check(Arrays.equals(expected(input, message.length), message), "a message is what the JDK inflates");
        }
        inflater.clear();
        same(memory.held(), 0L, "no memory stays held");
    }

    private static byte[] expected(byte[] input, int length) {
        Inflater inflater = new Inflater(true);
        try {
            byte[] tail = {0, 0, -1, -1, 1, 0, 0, -1, -1};
            byte[] whole = Arrays.copyOf(input, input.length + tail.length);
            System.arraycopy(tail, 0, whole, input.length, tail.length);
            inflater.setInput(whole);
            byte[] message = new byte[length + 1];
            int count = 0;
            for (int more = -1; more != 0 && count <= length; count += more) {
                more = inflater.inflate(message, count, message.length - count);
            }
            return Arrays.copyOf(message, count);
        } catch (DataFormatException malformed) {
            return new byte[] {'n', 'o', 'n', 'e'};
        } finally {
            inflater.end();
        }
    }
}
