package io.millrace.codec;

import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.edge.Places;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.RecordLimits;
import io.millrace.json.JsonGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** For any bytes the parser returns records or throws a {@link HubException} with a location. */
class RecordFuzzTest {

    private static final RecordLimits LIMITS = new RecordLimits(200, 4, 2);

    private static final Set<HubError> REFUSALS = EnumSet.of(
            HubError.MALFORMED_JSON,
            HubError.INVALID_REQUEST,
            HubError.INVALID_RECORD,
            HubError.RECORD_TOO_LARGE,
            HubError.REQUEST_TOO_LARGE);

    static final List<String> VALID = List.of(
            "{\"records\":[{\"key\":\"a\\u00e9\",\"value\":{\"a\":[1.5e-7,true,null,\"\\ud83d\\udeeb €\"]}}]}",
            "{\"records\":[{\"key_base64\":\"QUI=\",\"value_base64\":\"QQ==\",\"partition\":1,\"timestamp\":17}]}",
            " { \"records\" : [ { } ,"
                    + " {\"headers\":[{\"name\":\"n\",\"value\":\"v\"},{\"name\":\"é\",\"value_base64\":\"/w==\"}]}]} ",
            "{\"type\":\"produce\",\"ref\":\"10\",\"topic\":\"t\",\"acks\":\"all\",\"records\":[{\"value\":false},{}]}",
            "{\"ref\":null,\"records\":[{\"v\\u0061lue\":-0,\"key\":null}],\"acks\":null,\"topic\":\"ü\",\"type\":\"produce\"}",
            "{\"key\":\"k\",\"value\":[[[]],{\"a\":{\"b\":\"\\\\\"}}],\"headers\":[]}");

    @Test
    void everyTruncationOfAValidTextIsRefused() {
        for (String valid : VALID) {
            byte[] text = utf8(valid.strip());
            assertThat(outcomes(text, 0, text.length)).as(valid).contains(Outcome.READ);
            for (int length = 0; length < text.length; length++) {
                // both in an array that ends there and in a longer one
                assertThat(outcomes(Arrays.copyOf(text, length), 0, length))
                        .as(valid)
                        .doesNotContain(Outcome.READ);
                assertThat(outcomes(text, 0, length))
                        .isEqualTo(outcomes(Arrays.copyOf(text, length), 0, length))
                        .contains(Outcome.MALFORMED);
            }
        }
    }

    @Test
    void everyByteOfAValidTextMayBeReplacedByAnyOther() {
        int accepted = 0;
        for (String valid : VALID) {
            byte[] text = utf8(valid);
            for (int at = 0; at < text.length; at++) {
                byte original = text[at];
                for (int b = 0; b < 256; b++) {
                    text[at] = (byte) b;
                    accepted += outcomes(text, 0, text.length).contains(Outcome.READ) ? 1 : 0;
                }
                text[at] = original;
            }
        }
        assertThat(accepted).isGreaterThan(1000);
    }

    @Test
    void spoiledTextsAreReadOrRefused() {
        JsonGenerator random = new JsonGenerator(5);
        int accepted = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] spoiled = random.spoil(utf8(VALID.get(random.below(VALID.size()))));
            accepted += outcomes(spoiled, 0, spoiled.length).contains(Outcome.READ) ? 1 : 0;
        }
        assertThat(accepted).isBetween(1000, 49_000);
    }

    @Test
    void randomBytesAreReadOrRefused() {
        Random random = new Random(6);
        String alphabet = "{}[]:,\"\\u00e9-+.eE 19truefalsn\nrecodsky_4p";
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (i % 2 == 0) {
                for (int at = 0; at < bytes.length; at++) {
                    bytes[at] = (byte) alphabet.charAt((bytes[at] & 0xff) % alphabet.length());
                }
            }
            int from = random.nextInt(bytes.length + 1);
            outcomes(bytes, from, random.nextInt(bytes.length - from + 1));
        }
    }

    private enum Outcome {
        READ,
        MALFORMED,
        REFUSED
    }

    /** The outcome of each of the four ways to read the bytes; fails for exceptions other than proper refusals. */
    private static List<Outcome> outcomes(byte[] bytes, int offset, int length) {
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(outcome(length, () -> RecordParser.parseRequest(bytes, offset, length, LIMITS)));
        outcomes.add(outcome(length, () -> RecordParser.parseRecord(bytes, offset, length, 0, LIMITS)));
        outcomes.add(outcome(length, () -> RecordParser.parseProduceFrame(bytes, offset, length, LIMITS)));
        outcomes.add(outcome(length, () -> RecordParser.frameType(bytes, offset, length)));
        return outcomes;
    }

    private static Outcome outcome(int length, Runnable read) {
        try {
            read.run();
            return Outcome.READ;
        } catch (HubException refusal) {
            check(refusal, length);
            return refusal.error() == HubError.MALFORMED_JSON ? Outcome.MALFORMED : Outcome.REFUSED;
        } catch (RuntimeException | Error escaped) {
            return fail("only refusals may escape", escaped);
        }
    }

    private static void check(HubException refusal, int length) {
        Object byteOffset = refusal.members().get("byte_offset");
        boolean proper = REFUSALS.contains(refusal.error())
                && refusal.violations().size() == 1
                && Places.text(refusal.violations().getFirst().place()).startsWith("#")
                && refusal.error() == HubError.MALFORMED_JSON == (byteOffset != null)
                && (byteOffset == null || (int) byteOffset >= 0 && (int) byteOffset <= length);
        if (!proper) {
            fail("no proper refusal: " + refusal.error() + refusal.violations() + refusal.members(), refusal);
        }
    }
}
