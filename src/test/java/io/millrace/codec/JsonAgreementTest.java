package io.millrace.codec;

import static io.millrace.json.JsonTexts.accepts;
import static io.millrace.json.JsonTexts.isUtf8;
import static io.millrace.json.JsonTexts.text;
import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import io.millrace.json.Jackson;
import io.millrace.json.JsonGenerator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The scanner and Jackson accept and refuse the same texts: generated ones, and those with bytes spoiled. They are
 * meant to differ in two points:
 *
 * <ul>
 *   <li>Bytes that are not UTF-8 are refused here before Jackson is asked: its reader of bytes accepts some of them,
 *       and UTF-16 and UTF-32 too.
 *   <li>The scanner's limit on a number counts all its characters; Jackson's counts digits, and is lifted here.
 * </ul>
 *
 * Both accept repeated names within a value, lone surrogates as escapes and numbers beyond the range of a double, and
 * both refuse the 501st level once Jackson is told so.
 */
class JsonAgreementTest {

    private static final RecordLimits LIMITS = new RecordLimits(1_000_000, 100, 10);

    @Test
    void generatedTextsAreJsonToBoth() {
        JsonGenerator random = new JsonGenerator(1);
        for (int i = 0; i < 10_000; i++) {
            String json = random.space() + random.value() + random.space();

            assertThat(accepts(utf8(json))).as(json).isTrue();
            assertThat(Jackson.accepts(json)).as(json).isTrue();
        }
    }

    @Test
    void spoiledTextsAreJsonToBothOrToNeither() {
        JsonGenerator random = new JsonGenerator(2);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] spoiled = random.spoil(utf8(random.space() + random.value() + random.space()));
            boolean expected = isUtf8(spoiled) && Jackson.accepts(text(spoiled));
            accepted += expected ? 1 : 0;
            refused += expected ? 0 : 1;

            assertThat(accepts(spoiled))
                    .as("%s (%s)", text(spoiled), HexFormat.of().formatHex(spoiled))
                    .isEqualTo(expected);
        }
        assertThat(accepted).isGreaterThan(5_000);
        assertThat(refused).isGreaterThan(10_000);
    }

    @Test
    void shortTextsOfJsonTokensAreJsonToBothOrToNeither() {
        JsonGenerator random = new JsonGenerator(3);
        String[] tokens = {
            "{", "}", "[", "]", ":", ",", "\"", "\"a\"", "1", "-", ".", "e", "0", "null", " ", "\\", "\\u00e9"
        };
        int accepted = 0;
        for (int i = 0; i < 80_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int count = 1 + random.below(6); count > 0; count--) {
                text.append(tokens[random.below(tokens.length)]);
            }
            String json = text.toString();
            boolean expected = Jackson.accepts(json);
            accepted += expected ? 1 : 0;

            assertThat(accepts(utf8(json))).as(json).isEqualTo(expected);
        }
        assertThat(accepted).isGreaterThan(2_000);
    }

    @Test
    void bothHaveTheSameDepthLimit() {
        for (int depth = 490; depth < 510; depth++) {
            for (String[] pair : new String[][] {{"[", "]"}, {"{\"a\":", "}"}}) {
                String json = pair[0].repeat(depth) + "0" + pair[1].repeat(depth);

                assertThat(accepts(utf8(json))).as("%s %s", depth, pair[0]).isEqualTo(Jackson.accepts(json));
            }
        }
    }

    @Test
    void theSliceOfAValueIsFromItsFirstTokenToItsLast() {
        JsonGenerator random = new JsonGenerator(4);
        int slices = 0;
        for (int i = 0; i < 3_000; i++) {
            String request = request(random);
            byte[] body = utf8(request);
            List<String> values = new ArrayList<>();
            for (NewRecord record : RecordParser.parseRequest(body, 0, body.length, LIMITS)) {
                values.add(record.value() == null ? "null" : text(record.value()));
            }

            assertThat(values).as(request).isEqualTo(Jackson.slices(request, "value"));
            slices += values.size();
        }
        assertThat(slices).isGreaterThan(10_000);
    }

    private static String request(JsonGenerator random) {
        StringBuilder request = new StringBuilder(random.space() + "{" + random.space() + "\"records\":[");
        for (int i = 0, count = 1 + random.below(10); i < count; i++) {
            request.append(i == 0 ? "" : ",").append(random.space()).append('{').append(random.space());
            if (random.below(2) == 0) {
                request.append("\"key\":\"k\",");
            }
            request.append(random.below(4) == 0 ? "\"\\u0076alue\"" : "\"value\"");
            request.append(random.space()).append(':').append(random.space());
            request.append(random.value()).append(random.space());
            request.append(random.below(2) == 0 ? "" : ",\"partition\":7")
                    .append('}')
                    .append(random.space());
        }
        return request.append(random.space())
                .append("]}")
                .append(random.space())
                .toString();
    }
}
