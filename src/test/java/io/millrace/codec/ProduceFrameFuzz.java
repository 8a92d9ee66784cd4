package io.millrace.codec;

import static io.millrace.fuzz.Bounded.check;
import static io.millrace.fuzz.Bounded.same;
import static io.millrace.json.JsonTexts.text;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.event.RecordLimits;
import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.Bounded.Outcome;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.Jackson;
import io.millrace.json.JsonTexts;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Binary produce frames: accepted text is UTF-8, accepted JSON is JSON to Jackson. */
public final class ProduceFrameFuzz implements FuzzTarget {

    private static final RecordLimits LIMITS = new RecordLimits(1000, 4, 3);

    @Override
    public Stream<byte[]> seeds() {
        return Stream.of(
                        "01 01 0001 37 0007 666c6967687473 00000001 00000002 00000000000003e8 00 00000002 6b31 00000007"
                                + " 7b2261223a317d 0000001b 5b7b226e616d65223a2261222c202276616c7565223a2262227d5d",
                        "01 ff 0000 0001 61 00000001 ffffffff ffffffffffffffff 06 00000002 ff00 00000003 fe0a00"
                                + " ffffffff",
                        "01 00 0000 0001 61 00000002 ffffffff ffffffffffffffff 01 ffffffff 00000002 c3a9 ffffffff"
                                + " 00000000 0000000000000000 00 ffffffff 00000004 6e756c6c 00000002 5b5d")
                .map(JsonTexts::hex);
    }

    @Override
    public void run(byte[] input) {
        Outcome<ProduceFrame> outcome = read(input, input);
        if (outcome.value() != null) {
            check(JsonTexts.isUtf8(JsonTexts.utf8(outcome.value().topic())), "a topic is text");
            outcome.value().records().forEach(ProduceFrameFuzz::checkRecord);
        }
        // Frames are read from arrays that are reused.
        Outcome<ProduceFrame> reused = read(input, Arrays.copyOf(input, input.length + 64));
        same(described(outcome), described(reused), "what follows the frame in its array does not matter");
    }

    private static Outcome<ProduceFrame> read(byte[] input, byte[] array) {
        return Bounded.run(input, () -> new BinaryProduceReader(array, input.length, LIMITS).read());
    }

    private static void checkRecord(NewRecord record) {
        check(record.size() <= LIMITS.maxRecordBytes(), "a record is within its limit");
        if (record.key() != null && !RecordFormat.binaryKey(record.format())) {
            check(JsonTexts.isUtf8(record.key()), "a text key is UTF-8");
        }
        if (record.value() != null && RecordFormat.value(record.format()) == RecordFormat.VALUE_JSON) {
            check(JsonTexts.isUtf8(record.value()) && Jackson.accepts(text(record.value())), "a JSON value is JSON");
        }
        if (record.value() != null && RecordFormat.value(record.format()) == RecordFormat.VALUE_TEXT) {
            check(JsonTexts.isUtf8(record.value()), "a text value is UTF-8");
        }
        if (record.headers() != null) {
            check(Jackson.accepts(text(record.headers())), "headers are JSON");
        }
    }

    private static @Nullable String described(Outcome<ProduceFrame> outcome) {
        ProduceFrame frame = outcome.value();
        if (frame == null) {
            return String.valueOf(outcome.refusal());
        }
        StringBuilder description = new StringBuilder(frame.ref() + frame.topic() + frame.acks());
        for (NewRecord record : frame.records()) {
            description.append(record.partition()).append(record.timestamp()).append(record.format());
            description.append(Arrays.toString(record.key())).append(Arrays.toString(record.value()));
            description.append(Arrays.toString(record.headers()));
        }
        return description.toString();
    }
}
