package io.millrace.json;

import static io.millrace.json.JsonTexts.scan;
import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "7",
                "-12345678901234567890",
                "0.0",
                "-0.10",
                "1e5",
                "1E+05",
                "0e-0",
                "12.50e007",
                "1e999999",
                "\"\"",
                "\"a\"",
                "\"\u007f\"",
                "\"é €🛫\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                "\"\\u0000\\u00e9\\uD83D\\udEeb\"",
                "\"\\ud83d\"",
                "\"\\udeeb\\ud83d\"",
                "\"\u2028\u2029\ufeff\"",
                "[]",
                "[ ]",
                "{}",
                "{\n}",
                "[[],{},[{}]]",
                "[1,\"a\",null,true,false,{\"a\":[]}]",
                "{\"\":0}",
                "{\"a\":1,\"a\":2}",
                "{\"a\" :\t[ 1 , 2\r] ,\n\"b\":{ \"c\" : {} } }",
                " \t\r\n1 \t\r\n",
                "[{\"a\":[{\"b\":{}},[]]},[[{}]]]"
            })
    void passesWhatIsJson(String json) {
        assertThatNoException().as(json).isThrownBy(() -> scan(utf8(json)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        0   | ``
        3   | `   `
        3   | nul
        3   | tru
        1   | nil
        0   | True
        4   | null0
        4   | truefalse
        0   | NaN
        0   | Infinity
        1   | -
        1   | -Infinity
        0   | +1
        0   | .5
        1   | 01
        2   | -01
        2   | 1.
        2   | 1.e5
        3   | 1e+
        2   | 1e
        2   | 1ex
        3   | 1.5.5
        1   | 0x10
        2   | 1 2
        1   | 1,
        1   | 1_000
        1   | "
        2   | "a
        3   | "\\"
        2   | "\\
        2   | "\\a"
        2   | "\\'"
        2   | "\\U0041"
        5   | "\\u00"
        6   | "\\u004
        3   | "\\uG000"
        5   | "\\u00é0"
        3   | "\\u-001"
        0   | 'a'
        0   | a
        1   | [
        2   | [1
        2   | [1}
        3   | [1,
        3   | [1,]
        1   | [,1]
        3   | [1 2]
        0   | ]
        1   | [}
        2   | []]
        1   | {
        1   | {]
        1   | {,}
        1   | {1:2}
        1   | {a:1}
        4   | {"a"}
        4   | {"a",1}
        5   | {"a":}
        6   | {"a":1
        7   | {"a":1,
        7   | {"a":1,}
        6   | {"a":1]
        6   | {"a":1:2}
        7   | {"a":1 "b":2}
        9   | {"a":[1,2}}
        0   | /* no */ 1
        2   | 1 // no
        1   | [#
        """)
    void refusesWhatIsNotJsonAndSaysWhere(int index, String text) {
        JsonSyntaxException refusal = refusal(utf8(text));

        assertThat(refusal.index()).as("%s: %s", text, refusal.getMessage()).isEqualTo(index);
        assertThat(refusal.code()).isEqualTo("malformed_json");
    }

    @Test
    void controlCharactersAreRefusedExceptWhitespaceBetweenTokens() {
        for (int character = 0; character < ' '; character++) {
            String control = String.valueOf((char) character);

            assertThat(refusal(utf8("[\"ab" + control + "\"]")).index()).isEqualTo(4);
            assertThat(refusal(utf8("[{\"ab" + control + "\":1}]")).index()).isEqualTo(5);
            if ("\t\n\r".contains(control)) {
                assertThatNoException().isThrownBy(() -> scan(utf8("[" + control + "1" + control + "]" + control)));
            } else {
                assertThat(refusal(utf8("[" + control + "1]")).index()).isEqualTo(1);
                assertThat(refusal(utf8("[1" + control + "]")).index()).isEqualTo(2);
                assertThat(refusal(utf8("[1]" + control)).index()).isEqualTo(3);
            }
        }
    }

    @Test
    void everyByteExceptWhitespaceIsRefusedAfterAValue() {
        for (int b = 0; b < 256; b++) {
            byte[] text = {'[', ']', ' ', (byte) b};

            if (b == ' ' || b == '\t' || b == '\n' || b == '\r') {
                assertThatNoException().isThrownBy(() -> scan(text));
            } else {
                assertThat(refusal(text).index()).as("byte %02x", b).isEqualTo(3);
            }
        }
    }

    @Test
    void aByteOrderMarkIsNotWhitespace() {
        assertThat(refusal(utf8("\ufeff{}")).index()).isZero();
        assertThat(refusal(utf8("{}\ufeff")).index()).isEqualTo(2);
        assertThat(refusal("[]".getBytes(StandardCharsets.UTF_16LE)).index()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"[,1,]", "'{\"a\":',1,}", "'[{\"a\":',1,}]", "[,'',]"})
    void valuesNestAtMost500Deep(String open, String middle, String close) {
        int brackets = (int) open.chars().filter(c -> c == '{' || c == '[').count();
        int times = JsonScanner.MAX_DEPTH / brackets;
        String deepest = open.repeat(times) + middle + close.repeat(times);

        assertThatNoException().isThrownBy(() -> scan(utf8(deepest)));
        JsonSyntaxException refusal = refusal(utf8("[" + deepest + "]"));
        assertThat(refusal.code()).isEqualTo("too_deep");
    }

    @Test
    void eachLevelRemembersWhetherItIsAnObject() {
        // all sequences of six kinds, repeated over all words of the bit set
        for (int seed = 0; seed < 64; seed++) {
            StringBuilder open = new StringBuilder();
            StringBuilder close = new StringBuilder();
            for (int level = 0; level < JsonScanner.MAX_DEPTH; level++) {
                boolean object = (seed >> level % 6 & 1) == 1;
                open.append(object ? "{\"a\":" : "[");
                close.insert(0, object ? ",\"b\":0}" : ",0]");
            }

            assertThatNoException().isThrownBy(() -> scan(utf8(open + "0" + close)));
            int outermost = close.length() - 1;
            close.setCharAt(outermost, close.charAt(outermost) == '}' ? ']' : '}');
            assertThat(refusal(utf8(open + "0" + close)).index()).isEqualTo(open.length() + 1 + outermost);
        }
    }

    @Test
    void aHundredThousandLevelsAreRefusedAtThe501st() {
        for (String open : new String[] {"[", "{\"a\":", "[{\"a\":"}) {
            byte[] text = utf8(open.repeat(100_000));

            JsonSyntaxException refusal =
                    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> refusal(text));

            assertThat(refusal.code()).isEqualTo("too_deep");
            assertThat(refusal.index()).isLessThan(500 * open.length() + open.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "0.1", "1e1", "-0.0E+1"})
    void aNumberHasAtMost1000Characters(String start) {
        String longest = start + "0".repeat(JsonScanner.MAX_NUMBER_LENGTH - start.length());

        assertThatNoException().isThrownBy(() -> scan(utf8("[" + longest + "]")));
        JsonSyntaxException refusal = refusal(utf8("[" + longest + "0]"));
        assertThat(refusal.code()).isEqualTo("number_too_long");
        assertThat(refusal.index()).isEqualTo(1);
    }

    private static JsonSyntaxException refusal(byte[] text) {
        return assertThatExceptionOfType(JsonSyntaxException.class)
                .as(JsonTexts.text(text))
                .isThrownBy(() -> scan(text))
                .actual();
    }

    @Test
    void aNaturalNumberHasDigitsOnly() {
        JsonScanner in = scanner(" 0, 9223372036854775807");
        assertThat(in.natural()).isZero();
        assertThat(in.more(']')).isTrue();
        assertThat(in.natural()).isEqualTo(Long.MAX_VALUE);
        in.end();

        for (String other : new String[] {"-1", "1.0", "1e3", "\"1\"", "null", "[1]", ""}) {
            assertThatExceptionOfType(JsonSyntaxException.class).as(other).isThrownBy(() -> scanner(other)
                    .natural());
        }
    }

    private static JsonScanner scanner(String text) {
        byte[] bytes = utf8(text);
        return new JsonScanner(bytes, 0, bytes.length);
    }
}
