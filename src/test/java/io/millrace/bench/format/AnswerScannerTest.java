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

    /** To request 42: partition 1, offset 7; partition 2, offset 258. */
    private static final String BINARY =
            "02 0006 303030303432 00000002 00000001 0000000000000007 00000002 0000000000000102";

    private static final String JSON = "{\"type\":\"produced\",\"ref\":\"000042\",\"results\":["
            + "{\"partition\":1,\"offset\":7},{\"partition\":2,\"offset\":258}]}";

    private final AnswerScanner binary = Subprotocol.BINARY.answers();
    private final AnswerScanner json = Subprotocol.JSON.answers();

    @Test
    void anAnswerSaysToWhichRequestItIsAndHasAPositionForEachRecord() {
        assertThat(binary.holdsAnswer(hex(BINARY), 1, length(BINARY))).isTrue();
        assertThat(binary.ref(hex(BINARY), 1)).isEqualTo(42);
        assertThat(binary.positions(hex(BINARY), 1, length(BINARY))).isEqualTo(2);

        assertThat(json.holdsAnswer(text(JSON), 1, JSON.length())).isTrue();
        assertThat(json.ref(text(JSON), 1)).isEqualTo(42);
        assertThat(json.positions(text(JSON), 1, JSON.length())).isEqualTo(2);
    }

    @Test
    void anAnswerBeforeTheRecordsAreStoredHasNoPositions() {
        String none = "02 0006 303030303432 00000000";

        assertThat(binary.holdsAnswer(hex(none), 1, length(none))).isTrue();
        assertThat(binary.positions(hex(none), 1, length(none))).isZero();
    }

    @Test
    void whatIsNoAnswerIsNotTakenForOne() {
        for (String other : new String[] {
            "03" + BINARY.substring(2),
            "02 0000 00000000",
            "02 0005 3030303432 00000000",
            "02 0006 303030303432 000000",
            "",
        }) {
            assertThat(binary.holdsAnswer(hex(other), 1, length(other)))
                    .as(other)
                    .isFalse();
        }
        assertThat(json.holdsAnswer(text("{\"type\":\"error\"}"), 1, 16)).isFalse();
    }

    @Test
    void anAnswerIsAsLongAsItsPositions() {
        for (String wrong : new String[] {
            BINARY + "00",
            BINARY.substring(0, BINARY.length() - 2),
            BINARY.replace(" 00000002 00000001 ", " 00000001 00000001 "),
            BINARY.replace(" 00000002 00000001 ", " ffffffff 00000001 "),
            "02 0006 303030303432 40000000",
        }) {
            assertThatThrownBy(() -> binary.positions(hex(wrong), 1, length(wrong)))
                    .as(wrong)
                    .isInstanceOf(BenchException.class)
                    .hasMessageStartingWith("the hub sent an answer of " + length(wrong) + " bytes");
        }
    }

    @Test
    void anAnswerToARequestThatWasNotSentIsRefused() {
        assertThatThrownBy(() -> binary.ref(hex(BINARY.replace("3432", "2f32")), 1))
                .hasMessage("the hub answered what it was not asked");
        assertThatThrownBy(() -> json.ref(text(JSON.replace("000042", "00004a")), 1))
                .hasMessage("the hub answered what it was not asked");
    }

    private static int length(String hex) {
        return hex.replace(" ", "").length() / 2;
    }

    /** Neither at the beginning nor at the end of the buffer, as a frame seldom is. */
    private static ByteBuf hex(String frame) {
        byte[] bytes = HexFormat.of().parseHex(frame.replace(" ", ""));
        return Unpooled.buffer().writeByte('x').writeBytes(bytes).writeLong(-1);
    }

    private static ByteBuf text(String frame) {
        return Unpooled.copiedBuffer("x" + frame + "{", StandardCharsets.US_ASCII);
    }
}
