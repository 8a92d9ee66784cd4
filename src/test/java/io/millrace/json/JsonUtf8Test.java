package io.millrace.json;

import static io.millrace.json.JsonTexts.concat;
import static io.millrace.json.JsonTexts.hex;
import static io.millrace.json.JsonTexts.isUtf8;
import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.millrace.codec.RecordParser;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.RecordLimits;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonUtf8Test {

    private static final RecordLimits LIMITS = new RecordLimits(1000, 10, 10);

    /** Where in a record a string can stand. */
    private static final String[] PLACES = {
        "{'value':'@'}",
        "{'value':{'@':1}}",
        "{'value':{'a':1,'b@':[]}}",
        "{'value':[['@']]}",
        "{'key':'@'}",
        "{'@':1}",
        "{'headers':[{'name':'@'}]}",
        "{'headers':[{'name':'a','value':'@'}]}",
        "{'headers':[{'@':1}]}",
        "{'value_base64':'@'}"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // a continuation that continues nothing
                "bf",
                "c0 80", // overlong
                "c1 bf",
                "e0 80 80",
                "e0 9f bf",
                "f0 80 80 80",
                "f0 8f bf bf",
                "ed a0 80", // surrogates
                "ed bf bf",
                "ed a0 bd ed bb ab",
                "f4 90 80 80", // beyond U+10FFFF
                "f5 80 80 80",
                "f8 88 80 80 80",
                "fe",
                "ff",
                "c3", // cut off
                "c3 41",
                "e2 82",
                "e2 41 ac",
                "e2 82 41",
                "f0 9f 9b",
                "f0 41 9b ab",
                "f0 9f 41 ab",
                "f0 9f 9b 41",
                "c3 c3 a9",
                "e2 82 ac ac"
            })
    void illFormedBytesAreRefusedWhereverAStringStands(String bytes) {
        byte[] wrong = hex(bytes);
        assertThat(Utf8.isValid(wrong, 0, wrong.length)).isFalse();
        int wellFormed = bytes.startsWith("e2 82 ac") ? 3 : 0;
        for (String place : PLACES) {
            for (String filler : new String[] {"", "a", "abcdefg", "abcdefgh", "€", "\\n"}) {
                byte[] start = utf8(place.substring(0, place.indexOf('@')).replace('\'', '"') + filler);
                byte[] end =
                        utf8(filler + place.substring(place.indexOf('@') + 1).replace('\'', '"'));
                byte[] body = concat(start, wrong, end);

                HubException refusal = assertThatExceptionOfType(HubException.class)
                        .as(place)
                        .isThrownBy(() -> RecordParser.parseRecord(body, 0, body.length, 0, LIMITS))
                        .actual();

                assertThat(refusal.error()).isEqualTo(HubError.MALFORMED_JSON);
                assertThat(refusal.violations().getFirst().code()).isEqualTo("invalid_utf8");
                assertThat(refusal.members()).containsEntry("byte_offset", start.length + wellFormed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff})
    void theFirstAndLastCharacterOfEachLengthPass(int codePoint) {
        byte[] character = utf8(Character.toString(codePoint));

        assertThat(Utf8.isValid(character, 0, character.length)).isTrue();
        assertThatNoException().isThrownBy(() -> JsonTexts.scan(concat(utf8("\""), character, utf8("\""))));
        byte[] encoded = new byte[4];
        assertThat(Utf8.encode(codePoint, encoded, 0)).isEqualTo(character.length);
        assertThat(encoded).startsWith(character);
    }

    @Test
    void bytesAboveAsciiOutsideOfStringsAreNotJson() {
        for (int b = 0x80; b < 0x100; b++) {
            assertThat(JsonTexts.accepts(new byte[] {(byte) b})).isFalse();
            assertThat(JsonTexts.accepts(new byte[] {'1', (byte) b})).isFalse();
            assertThat(JsonTexts.accepts(new byte[] {'[', (byte) b, ']'})).isFalse();
            assertThat(JsonTexts.accepts(new byte[] {'{', '}', (byte) b})).isFalse();
        }
    }

    @Test
    void allPairsAndManyLongerSequencesAreJudgedAsByTheJdk() {
        byte[] bytes = new byte[2];
        for (int pair = 0; pair < 0x10000; pair++) {
            bytes[0] = (byte) (pair >> 8);
            bytes[1] = (byte) pair;
            assertThat(Utf8.isValid(bytes, 0, 2)).as("%04x", pair).isEqualTo(isUtf8(bytes));
        }
        Random random = new Random(3629);
        int wellFormed = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] sequence = leadAndContinuations(random);
            boolean expected = isUtf8(sequence);
            wellFormed += expected ? 1 : 0;
            assertThat(Utf8.isValid(sequence, 0, sequence.length))
                    .as("%s", HexFormat.of().formatHex(sequence))
                    .isEqualTo(expected);
        }
        assertThat(wellFormed).isBetween(20_000, 180_000);
    }

    /** A lead byte of a sequence of three or four, then mostly continuations: many are well-formed. */
    private static byte[] leadAndContinuations(Random random) {
        int lead = 0xe0 + random.nextInt(0x18);
        byte[] sequence = new byte[lead < 0xf0 ? 3 : 4];
        sequence[0] = (byte) lead;
        for (int i = 1; i < sequence.length; i++) {
            sequence[i] = (byte) (random.nextInt(50) == 0 ? random.nextInt(256) : 0x80 + random.nextInt(0x40));
        }
        return sequence;
    }

    @Test
    void onlyTheGivenRangeIsJudged() {
        byte[] bytes = hex("ff 61 c3 a9 ff");

        assertThat(Utf8.isValid(bytes, 1, 3)).isTrue();
        assertThat(Utf8.isValid(bytes, 1, 2)).isFalse();
        assertThat(Utf8.isValid(bytes, 1, 4)).isFalse();
        assertThat(Utf8.isValid(bytes, 5, 0)).isTrue();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> Utf8.isValid(bytes, 1, 5));
    }
}
