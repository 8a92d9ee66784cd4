package io.millrace.bench.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.run.BenchException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AnswerScannerTest {

    /** The answer to request 42: partition 1, offset 7; partition 2, offset 258. */
    private static final String BINARY =
            "02 0006 303030303432 00000002 00000001 0000000000000007 00000002 0000000000000102";

    private static final String JSON = "{\"type\":\"produced\",\"ref\":\"000042\",\"results\":["
            + "{\"partition\":1,\"offset\":7},{\"partition\":2,\"offset\":258}]}";

    private final AnswerScanner binary = Subprotocol.BINARY.answers();
    private final AnswerScanner json = Subprotocol.JSON.answers();

    @Test
    void anAnswerHasItsRequestsRefAndAPositionForEachRecord() {
        assertThat(binary.answer(hex(BINARY))).isEqualTo(new Answer(42, 2));
        assertThat(json.answer(text(JSON))).isEqualTo(new Answer(42, 2));
    }

    @Test
    void anAnswerBeforeTheRecordsAreStoredHasNoPositions() {
        assertThat(binary.answer(hex("02 0006 303030303432 00000000"))).isEqualTo(new Answer(42, 0));
        assertThat(json.answer(text("{\"type\":\"produced\",\"ref\":\"000042\",\"results\":[]}")))
                .isEqualTo(new Answer(42, 0));
    }

    @Test
    void otherFramesAreLeftToTheParser() {
        assertThat(json.answer(text("{\"type\":\"error\"}"))).isNull();
        assertThat(json.answer(text(""))).isNull();
    }

    @Test
    void aBinaryFrameThatIsNotAnAnswerIsRefused() {
        for (String wrong : new String[] {
            "",
            "03" + BINARY.substring(2),
            "02 0006 303030303432 000000",
            BINARY + "00",
            BINARY.substring(0, BINARY.length() - 2),
            BINARY.replace(" 00000002 00000001 ", " 00000001 00000001 "),
            BINARY.replace(" 00000002 00000001 ", " ffffffff 00000001 "),
            "02 0006 303030303432 40000000",
        }) {
            assertThatThrownBy(() -> binary.answer(hex(wrong)))
                    .as(wrong)
                    .isInstanceOf(BenchException.class)
                    .hasMessageStartingWith("the hub sent a binary frame that is not an answer: ");
        }
    }

    @Test
    void anAnswerToARequestThatWasNotSentIsRefused() {
        for (String ref : new String[] {"0006 303030302f32", "0000", "0005 3030303432"}) {
            assertThatThrownBy(() -> binary.answer(hex(BINARY.replace("0006 303030303432", ref))))
                    .hasMessage("the hub answered a request that was not sent");
        }
        for (String ref : new String[] {"00004a", "", "42"}) {
            assertThatThrownBy(() -> json.answer(text(JSON.replace("000042", ref))))
                    .hasMessage("the hub answered a request that was not sent");
        }
    }

    /** A frame in the middle of a buffer, as in most reads. */
    private static ByteBuf hex(String frame) {
        byte[] bytes = HexFormat.of().parseHex(frame.replace(" ", ""));
        return Unpooled.buffer().writeByte('x').writeBytes(bytes).writeLong(-1).setIndex(1, 1 + bytes.length);
    }

    private static ByteBuf text(String frame) {
        return Unpooled.copiedBuffer("x" + frame + "{", StandardCharsets.US_ASCII)
                .setIndex(1, 1 + frame.length());
    }
}
