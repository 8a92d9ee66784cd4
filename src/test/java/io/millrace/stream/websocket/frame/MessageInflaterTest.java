package io.millrace.stream.websocket.frame;

import static io.millrace.stream.websocket.frame.MessageInflater.Outcome.MALFORMED;
import static io.millrace.stream.websocket.frame.MessageInflater.Outcome.NO_MEMORY;
import static io.millrace.stream.websocket.frame.MessageInflater.Outcome.TOO_LONG;
import static io.millrace.stream.websocket.frame.MessageInflater.Outcome.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.budget.ClientMemory;
import io.millrace.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class MessageInflaterTest {

    private static final int LONGEST = 1024 * 1024;

    private final ClientMemory memory = new ClientMemory(16 * LONGEST, Ticker.SYSTEM);
    private final MessageInflater inflater = new MessageInflater(memory.share(), LONGEST);

    @AfterEach
    void nothingIsHeld() {
        inflater.clear();
        assertThat(memory.held()).isZero();
    }

    /** The examples of RFC 7692, 7.2.3: compressed, not compressed, a last block, and two blocks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "f2 48 cd c9 c9 07 00",
                "00 05 00 fa ff 48 65 6c 6c 6f 00",
                "f3 48 cd c9 c9 07 00 00",
                "f2 48 05 00 00 00 ff ff ca c9 c9 07 00",
            })
    void theExamplesOfTheRfcAreInflated(String hex) {
        byte[] message = hex(hex);

        assertThat(inflater.inflate(message, message.length)).isEqualTo(WHOLE);
        assertThat(text()).isEqualTo("Hello");
    }

    @Test
    void anEmptyMessageIsInflated() {
        assertThat(inflater.inflate(new byte[1], 1)).isEqualTo(WHOLE);
        assertThat(inflater.length()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535, 65_536, 65_537, 131_072, LONGEST - 1, LONGEST})
    void messagesOfAllLengthsAreInflated(int length) {
        byte[] plain = random(length);

        assertThat(inflate(deflate(plain))).isEqualTo(WHOLE);
        assertThat(Arrays.copyOf(inflater.array(), inflater.length())).isEqualTo(plain);
    }

    @Test
    void aMessageIsInflatedIndependentlyOfThePreviousOne() {
        byte[] first = deflate(random(100_000));
        assertThat(inflate(Arrays.copyOf(first, first.length / 2))).isEqualTo(MALFORMED);
        inflater.clear();
        byte[] hello = hex("f2 48 cd c9 c9 07 00");

        assertThat(inflate(hello)).isEqualTo(WHOLE);
        assertThat(text()).isEqualTo("Hello");
    }

    /** Output beyond the limit is not inflated: the budget, which has no room for it, is not asked. */
    @ParameterizedTest
    @CsvSource({"1", "2", "10", "100"})
    void aMessageThatInflatesBeyondTheLimitIsTooLong(int times) {
        byte[] bomb = deflate(new byte[times * LONGEST + 1]);

        assertThat(inflate(bomb)).isEqualTo(TOO_LONG);
        assertThat(memory.held()).isLessThanOrEqualTo(LONGEST);
        assertThat(memory.refusals()).isZero();
    }

    @Test
    void aLimitBelowAPieceIsKeptToo() {
        MessageInflater small = new MessageInflater(memory.share(), 1000);
        byte[] fits = deflate(new byte[1000]);
        byte[] exceeds = deflate(new byte[1001]);

        assertThat(small.inflate(fits, fits.length)).isEqualTo(WHOLE);
        assertThat(small.inflate(exceeds, exceeds.length)).isEqualTo(TOO_LONG);
    }

    @Test
    void aMessageForWhichThereIsNoMemoryIsNotInflated() {
        ClientMemory little = new ClientMemory(LONGEST / 2, Ticker.SYSTEM);
        MessageInflater poor = new MessageInflater(little.share(), LONGEST);
        byte[] message = deflate(new byte[LONGEST]);

        assertThat(poor.inflate(message, message.length)).isEqualTo(NO_MEMORY);
        assertThat(little.held()).isPositive().isLessThanOrEqualTo(LONGEST / 2);
        poor.clear();
        assertThat(little.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // not even an empty block
                "ff", // an unknown type of block
                "f2 48 cd c9 c9", // cut
                "00 05 00 fa ff 48 65", // cut
                "00 05 00 fa fe 48 65 6c 6c 6f 00", // a length and not its complement
                "f3 48 cd c9 c9 07 00 00 00", // more after the last block
                "f3 48 cd c9 c9 07 00 01",
                "4b 04 ff", // refers to bytes before the message
            })
    void otherDataIsMalformed(String hex) {
        assertThat(inflate(hex(hex))).isEqualTo(MALFORMED);
    }

    private MessageInflater.Outcome inflate(byte[] message) {
        return inflater.inflate(message, message.length);
    }

    private String text() {
        return new String(inflater.array(), 0, inflater.length(), StandardCharsets.UTF_8);
    }

    /** Compresses a message by RFC 7692, 7.2.1. */
    public static byte[] deflate(byte[] plain) {
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(plain);
        byte[] message = new byte[plain.length + 1000];
        int length = deflater.deflate(message, 0, message.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(message, length - 4);
    }

    /** Letters, so that the message shrinks a little. */
    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + (bytes[i] & 0xf));
        }
        return bytes;
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
