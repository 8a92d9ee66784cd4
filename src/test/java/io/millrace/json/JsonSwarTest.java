package io.millrace.json;

import static io.millrace.json.JsonTexts.concat;
import static io.millrace.json.JsonTexts.text;
import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Eight bytes at a time, at every alignment: a special byte at each index of strings of each length. */
class JsonSwarTest {

    private static final int MAX_LENGTH = 30;

    /** The bytes around the special one: its neighbours in ASCII, and those that subtraction could confuse with it. */
    private static final char[] FILLERS = {'a', ' ', '!', '#', '[', ']', '\u007f', '~'};

    private interface Example {
        void at(int index, byte[] string);
    }

    private static void atEveryIndex(int special, Example example) {
        for (char filler : FILLERS) {
            for (int length = 1; length <= MAX_LENGTH; length++) {
                for (int index = 0; index < length; index++) {
                    byte[] string = new byte[length];
                    Arrays.fill(string, (byte) filler);
                    string[index] = (byte) special;
                    example.at(index, string);
                }
            }
        }
    }

    @Test
    void aQuoteEndsAStringWhereverItStands() {
        atEveryIndex('"', (index, string) -> {
            byte[] text = concat(utf8("["), string);

            assertThat(JsonStrings.close(text, 1, text.length)).isEqualTo(index + 1);
        });
    }

    @Test
    void everyControlCharacterIsFoundWhereverItStands() {
        for (int control : new int[] {0, 1, '\n', 0x1f}) {
            atEveryIndex(control, (index, string) -> {
                byte[] text = concat(utf8("\""), string, utf8("\""));

                assertThatExceptionOfType(JsonSyntaxException.class)
                        .isThrownBy(() -> JsonTexts.scan(text))
                        .satisfies(wrong -> assertThat(wrong.index()).isEqualTo(index + 1));
            });
        }
    }

    @Test
    void aByteAboveAsciiIsFoundWhereverItStands() {
        for (int high : new int[] {0x80, 0xa0, 0xff}) {
            atEveryIndex(high, (index, string) -> {
                byte[] text = concat(utf8("\""), string, utf8("\""));

                assertThatExceptionOfType(JsonSyntaxException.class)
                        .isThrownBy(() -> JsonTexts.scan(text))
                        .satisfies(wrong -> assertThat(wrong.index()).isEqualTo(index + 1));
                assertThat(Utf8.isValid(string, 0, string.length)).isFalse();
            });
        }
    }

    @Test
    void aBackslashStartsAnEscapeWhereverItStands() {
        atEveryIndex('\\', (index, string) -> {
            byte[] escape = concat(
                    Arrays.copyOf(string, index),
                    utf8("\\u20ac\\\"\\\\"),
                    Arrays.copyOfRange(string, index + 1, string.length));
            JsonScanner scanner = JsonTexts.scanner(concat(utf8("\""), escape, utf8("\" ")));
            scanner.peek();
            scanner.string();

            String filler = text(string).replace("\\", "");
            assertThat(text(scanner.text())).isEqualTo(filler.substring(0, index) + "€\"\\" + filler.substring(index));
            scanner.end();
        });
    }

    @Test
    void stringsOfEveryLengthWithoutAnythingSpecialPassWhole() {
        for (char filler : FILLERS) {
            for (int length = 0; length <= MAX_LENGTH; length++) {
                byte[] plain = utf8(String.valueOf(filler).repeat(length));
                JsonScanner scanner = JsonTexts.scanner(concat(utf8("\""), plain, utf8("\"")));
                scanner.peek();
                scanner.string();

                assertThat(scanner.text()).isEqualTo(plain);
                assertThat(Utf8.isValid(plain, 0, length)).isTrue();
                assertThat(text(new JsonBuffer(0).string(plain).toByteArray())).isEqualTo('"' + text(plain) + '"');
            }
        }
    }

    @Test
    void writingEscapesWhatItMustWhereverItStands() {
        String[][] escapes = {
            {"\"", "\\\""}, {"\\", "\\\\"}, {"\n", "\\n"}, {"\u0000", "\\u0000"}, {"\u001f", "\\u001f"}
        };
        for (String[] escape : escapes) {
            atEveryIndex(escape[0].charAt(0), (index, string) -> {
                String written = text(new JsonBuffer(0).string(string).toByteArray());

                assertThat(written).isEqualTo('"' + text(string).replace(escape[0], escape[1]) + '"');
            });
        }
    }

    @Test
    void writingLeavesBytesAboveAsciiAlone() {
        for (int high : new int[] {0x80, 0x9f, 0xa0, 0xa2, 0xdc, 0xff}) {
            atEveryIndex(high, (index, string) -> {
                byte[] quotedTwice = concat(string, utf8("\""), string);

                assertThat(new JsonBuffer(0).string(quotedTwice).toByteArray())
                        .isEqualTo(concat(utf8("\""), string, utf8("\\\""), string, utf8("\"")));
            });
        }
    }

    @Test
    void lineBreaksBecomeSpacesWhereverTheyStand() {
        for (int lineBreak : new int[] {'\r', '\n'}) {
            for (byte filler : new byte[] {'a', 0x0b, 0x0c, 0x0e, 0x09, (byte) 0x8a, (byte) 0x8d, (byte) 0xff, 0}) {
                atEveryIndex(lineBreak, (index, string) -> {
                    for (int i = 0; i < string.length; i++) {
                        string[i] = i == index ? string[i] : filler;
                    }
                    byte[] expected = string.clone();
                    expected[index] = ' ';
                    JsonBuffer buffer = new JsonBuffer(0).raw(utf8("\n")).raw(string);
                    buffer.joinLines(1);

                    assertThat(buffer.toByteArray()).isEqualTo(concat(utf8("\n"), expected));
                });
            }
        }
    }

    @Test
    void aLineBreakIsFoundWhereverItStandsAndOnlyThen() {
        for (int character = 0; character < 256; character++) {
            boolean lineBreak = character == '\r' || character == '\n';
            atEveryIndex(character, (index, string) -> assertThat(
                            new JsonBuffer().raw(string).hasLineBreak())
                    .isEqualTo(lineBreak));
        }
    }
}
