package io.millrace.codec;

import static io.millrace.fuzz.Bounded.check;
import static io.millrace.fuzz.Bounded.same;
import static io.millrace.json.JsonTexts.text;
import static io.millrace.json.JsonTexts.utf8;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.event.RecordLimits;
import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.Bounded.Outcome;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.Jackson;
import io.millrace.json.JsonSyntaxException;
import io.millrace.json.JsonTexts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Records in JSON: what is accepted is JSON to Jackson too, and the records are what Jackson reads. */
public final class RecordsFuzz implements FuzzTarget {

    private static final RecordLimits LIMITS = new RecordLimits(2000, 8, 4);

    @Override
    public Stream<byte[]> seeds() {
        return Stream.concat(
                        RecordFuzzTest.VALID.stream(),
                        Stream.of(
                                "[{\"name\":\"n\",\"value\":\"v\"},{\"value\":null,\"name\":\"\\u00e9\"},{\"name\":\"b\",\"value_base64\":\"/w==\"}]",
                                "{\"records\":[{\"value\":\"\\ud800\",\"key\":\"\\ud800\"}]}",
                                "{\"records\":[{\"timestamp\":253402300799999,\"partition\":2147483647,\"value\":-0.0e+1}]}",
                                "{\"records\":[{\"value\":" + "[".repeat(500) + "]".repeat(500) + "}]}",
                                "{\"records\":[{\"value\":" + "9".repeat(1001) + "}]}"))
                .map(JsonTexts::utf8);
    }

    @Override
    public void run(byte[] input) {
        int length = input.length;
        Outcome<List<NewRecord>> request =
                agreed(input, Bounded.run(input, () -> RecordParser.parseRequest(input, 0, length, LIMITS)));
        if (request.value() != null) {
            Map<?, ?> body = (Map<?, ?>) tree(text(input));
            List<?> expected = (List<?>) body.get("records");
            List<String> slices = Jackson.slices(text(input), "value");
            same(expected.size(), request.value().size(), "each record is read");
            checkValues(request.value(), slices);
            for (int i = 0; i < expected.size(); i++) {
                checkRecord((Map<?, ?>) expected.get(i), request.value().get(i));
            }
        }
        agreed(input, Bounded.run(input, () -> RecordParser.parseRecord(input, 0, length, 7, LIMITS)));
        agreed(input, Bounded.run(input, () -> RecordParser.parseProduceFrame(input, 0, length, LIMITS)));
        Outcome<String> type = agreed(input, Bounded.run(input, () -> RecordParser.frameType(input, 0, length)));
        if (type.value() != null) {
            same(((Map<?, ?>) tree(text(input))).get("type"), type.value(), "the type is read");
        }
        checkHeaders(input);
    }

    private static void checkHeaders(byte[] input) {
        Outcome<byte[]> headers =
                agreed(input, Bounded.run(input, () -> RecordParser.parseHeaders(input, 0, input.length, 7, LIMITS)));
        byte[] stored = headers.value();
        if (stored != null) {
            byte[] again = RecordParser.parseHeaders(stored, 0, stored.length, 7, LIMITS);
            same(text(stored), again == null ? null : text(again), "stored headers are headers");
        }
    }

    /** What is accepted is JSON to Jackson; what is not JSON to the hub is not JSON to Jackson. */
    private static <T> Outcome<T> agreed(byte[] input, Outcome<T> outcome) {
        if (outcome.accepted()) {
            check(JsonTexts.isUtf8(input) && Jackson.acceptsDeep(text(input)), "what is accepted is JSON");
        } else if (outcome.refusal() instanceof HubException refusal && isNotJson(refusal)) {
            check(!JsonTexts.isUtf8(input) || !Jackson.acceptsDeep(text(input)), "what is JSON is not malformed");
        }
        return outcome;
    }

    private static boolean isNotJson(HubException refusal) {
        String code = refusal.violations().getFirst().code();
        return refusal.error() == HubError.MALFORMED_JSON
                && !code.equals(JsonSyntaxException.TOO_DEEP)
                && !code.equals(JsonSyntaxException.NUMBER_TOO_LONG);
    }

    /** Values are the bytes that were sent. */
    private static void checkValues(List<NewRecord> records, List<String> slices) {
        List<String> values = new ArrayList<>();
        for (NewRecord record : records) {
            if (record.value() != null && RecordFormat.value(record.format()) == RecordFormat.VALUE_JSON) {
                values.add(text(record.value()));
            }
        }
        same(slices.stream().filter(slice -> !slice.equals("null")).toList(), values, "values are kept byte for byte");
    }

    private static void checkRecord(Map<?, ?> expected, NewRecord record) {
        if (expected.get("key") != null) {
            same(expected.get("key"), string(record.key()), "the key is read");
        }
        if (expected.get("partition") != null) {
            same(expected.get("partition"), number(record.partition()), "the partition is read");
        }
        if (expected.get("timestamp") != null) {
            same(expected.get("timestamp"), number(record.timestamp()), "the timestamp is read");
        }
        List<?> headers = expected.get("headers") == null ? List.of() : (List<?>) expected.get("headers");
        List<?> stored = record.headers() == null ? List.of() : (List<?>) tree(text(record.headers()));
        same(headers.size(), stored.size(), "each header is read");
        for (int i = 0; i < headers.size(); i++) {
            for (String field : List.of("name", "value", "value_base64")) {
                same(
                        ((Map<?, ?>) headers.get(i)).get(field),
                        ((Map<?, ?>) stored.get(i)).get(field),
                        "a header's " + field + " is read");
            }
        }
    }

    private static String number(long number) {
        return "VALUE_NUMBER_INT " + number;
    }

    private static @Nullable String string(byte @Nullable [] utf8) {
        return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }

    private static @Nullable Object tree(String text) {
        // As the field of an object, so that nothing is removed from it.
        return ((Map<?, ?>) Jackson.tree("{\"all\":" + text + "}")).get("all");
    }
}
