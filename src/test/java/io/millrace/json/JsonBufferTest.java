package io.millrace.json;

import static io.millrace.json.JsonTexts.text;
import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.codec.ResultsWriter;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonBufferTest {

    @Test
    void numbersOfEveryLengthAreWritten() {
        for (long power = 1, length = 1; length < 20; power *= 10, length++) {
            for (long number : new long[] {power - 1, power, power + 1, -power, 1 - power}) {
                assertThat(text(new JsonBuffer(0).number(number).toByteArray())).isEqualTo(Long.toString(number));
            }
        }
        for (long number : new long[] {
            Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, 1L << 31
        }) {
            assertThat(text(new JsonBuffer(0).number(number).toByteArray())).isEqualTo(Long.toString(number));
        }
    }

    @Test
    void everyAsciiCharacterInAStringIsReadBackAsItself() {
        for (char character = 0; character < 0x80; character++) {
            String string = "a" + character + "z";

            assertThat(Jackson.tree(text(new JsonBuffer().string(string).toByteArray())))
                    .isEqualTo(string);
        }
    }

    @Test
    void partsOfArraysAreWritten() {
        JsonBuffer buffer = new JsonBuffer(0);
        buffer.string(utf8("abc\"def"), 2, 3).raw(utf8("01234"), 1, 2).nil();

        assertThat(text(buffer.toByteArray())).isEqualTo("\"c\\\"d\"12null");
    }

    @Test
    void bytesOfEveryLengthAreWrittenAsBase64() {
        Random random = new Random(9);
        for (int length = 0; length < 50; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);

            assertThat(text(new JsonBuffer(0).base64(bytes).toByteArray()))
                    .isEqualTo('"' + Base64.getEncoder().encodeToString(bytes) + '"');
        }
    }

    @Test
    void aClearedBufferStartsAgainInTheSameArray() {
        JsonBuffer buffer = new JsonBuffer(10);
        buffer.raw(new byte[5000]);
        byte[] array = buffer.array();
        buffer.clear();
        buffer.ascii('x');

        assertThat(buffer.length()).isEqualTo(1);
        assertThat(buffer.toByteArray()).isEqualTo(utf8("x"));
        assertThat(buffer.array()).isSameAs(array);
    }

    @Test
    void whatIsWrittenSurvivesTheGrowthOfTheArray() {
        JsonBuffer buffer = new JsonBuffer(0);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            buffer.number(i).ascii(',').string("\n".repeat(i % 7));
            expected.append(i).append(",\"").append("\\n".repeat(i % 7)).append('"');
        }

        assertThat(text(buffer.toByteArray())).isEqualTo(expected.toString());
        assertThat(buffer.length()).isEqualTo(expected.length());
    }

    @Test
    void resultsAreWrittenInTheRequestsOrder() {
        byte[] results = ResultsWriter.json(new int[] {3, 0}, new long[] {42, Long.MAX_VALUE});
        JsonBuffer none = new JsonBuffer(0);
        ResultsWriter.writeArray(none, new int[0], new long[0]);

        assertThat(text(results))
                .isEqualTo(
                        "{\"results\":[{\"partition\":3,\"offset\":42},{\"partition\":0,\"offset\":9223372036854775807}]}");
        assertThat(text(none.toByteArray())).isEqualTo("[]");
        assertThatIllegalArgumentException().isThrownBy(() -> ResultsWriter.writeArray(none, new int[1], new long[2]));
    }
}
