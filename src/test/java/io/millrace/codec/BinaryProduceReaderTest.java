package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.edge.Places;
import io.millrace.event.Acks;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames as a client would write them, in hexadecimal; spaces and text in brackets are ignored. */
class BinaryProduceReaderTest {

    private static final RecordLimits LIMITS = new RecordLimits(100, 3, 2);

    private static final String TO_FLIGHTS = "01 [acks]01 [ref]0001 37 [topic]0007 666c6967687473 ";
    private static final String NO_HEADERS = "ffffffff";
    private static final String ANYWHERE_NOW = "ffffffff ffffffffffffffff ";

    @Test
    void aRecordIsReadAsItWasSent() {
        ProduceFrame frame = read(TO_FLIGHTS
                + "[count]00000001 [partition]00000002 [timestamp]00000000000003e8 [format]00"
                + "[key]00000002 6b31 [value]00000007 7b2261223a317d"
                + "[headers]0000001b 5b7b226e616d65223a2261222c202276616c7565223a2262227d5d");

        assertThat(frame.ref()).isEqualTo("7");
        assertThat(frame.topic()).isEqualTo("flights");
        assertThat(frame.acks()).isEqualTo(Acks.LEADER);
        NewRecord record = frame.records().getFirst();
        assertThat(record.partition()).isEqualTo(2);
        assertThat(record.timestamp()).isEqualTo(1000);
        assertThat(record.format()).isZero();
        assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("k1");
        assertThat(record.value()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":1}");
        assertThat(record.headers()).asString(StandardCharsets.UTF_8).isEqualTo("[{\"name\":\"a\",\"value\":\"b\"}]");
    }

    @Test
    void bytesNeedBeNeitherTextNorJson() {
        NewRecord record = read(TO_FLIGHTS + "00000001" + ANYWHERE_NOW
                        + "[binary key and value]06 00000002 ff00 00000003 fe0a00" + NO_HEADERS)
                .records()
                .getFirst();

        assertThat(record.partition()).isEqualTo(NewRecord.ANY_PARTITION);
        assertThat(record.timestamp()).isEqualTo(NewRecord.NO_TIMESTAMP);
        assertThat(record.key()).containsExactly(0xff, 0);
        assertThat(record.value()).containsExactly(0xfe, 0x0a, 0);
        assertThat(record.headers()).isNull();
        assertThat(record.format()).isEqualTo((byte) 6);
    }

    @Test
    void aTombstoneHasNoFormatAndNeitherHasAnAbsentKey() {
        NewRecord record = read(TO_FLIGHTS + "00000001" + ANYWHERE_NOW + "06 ffffffff ffffffff" + NO_HEADERS)
                .records()
                .getFirst();

        assertThat(record.key()).isNull();
        assertThat(record.value()).isNull();
        assertThat(record.format()).isZero();
    }

    @Test
    void aJsonNullIsATombstoneAndWhitespaceAroundAValueIsNotStored() {
        ProduceFrame frame = read(TO_FLIGHTS + "00000002"
                + ANYWHERE_NOW + "00 ffffffff 00000004 6e756c6c" + NO_HEADERS
                + ANYWHERE_NOW + "00 ffffffff 00000003 203520" + NO_HEADERS);

        assertThat(frame.records().get(0).value()).isNull();
        assertThat(frame.records().get(1).value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("5");
    }

    @Test
    void acksMayBeAllAndTheRefEmpty() {
        assertThat(read("01 ff 0000 0001 61 00000001" + ANYWHERE_NOW + "00 ffffffff ffffffff" + NO_HEADERS))
                .satisfies(frame -> assertThat(frame.acks()).isEqualTo(Acks.ALL))
                .satisfies(frame -> assertThat(frame.ref()).isNull());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        a frame of another kind,            02,                                               INVALID_REQUEST,   #,                   unexpected_type
        acks that do not exist,             01 02 0000 0001 61,                               INVALID_REQUEST,   #/acks,              out_of_range
        a ref of 65 characters,             01 01 0041 6161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161616161 0001 61,                         INVALID_REQUEST,   #/ref,               out_of_range
        a topic that is not UTF-8,          01 01 0000 0001 ff,                               INVALID_REQUEST,   #/topic,             invalid_string
        no records,                         01 01 0000 0001 61 00000000,                      INVALID_REQUEST,   #/records,           empty
        a negative count,                   01 01 0000 0001 61 ffffffff,                      INVALID_REQUEST,   #/records,           empty
        more records than are allowed,      01 01 0000 0001 61 00000004,                      REQUEST_TOO_LARGE, #/records,           too_many_records
        a count without records,            01 01 0000 0001 61 00000001,                      INVALID_REQUEST,   #/records/0,         truncated
        a partition below -1,               01 01 0000 0001 61 00000001 fffffffe,             INVALID_RECORD,    #/records/0,         out_of_range
        a timestamp below -1,               01 01 0000 0001 61 00000001 00000000 fffffffffffffffe, INVALID_RECORD, #/records/0,       out_of_range
        an unknown format,                  01 01 0000 0001 61 00000001 00000000 0000000000000000 08, INVALID_RECORD, #/records/0,    unknown_format
        a value of two formats,             01 01 0000 0001 61 00000001 00000000 0000000000000000 03, INVALID_RECORD, #/records/0,    unknown_format
        a length below -1,                  01 01 0000 0001 61 00000001 00000000 0000000000000000 00 fffffffe, INVALID_RECORD, #/records/0, invalid_length
        a key beyond the frame,             01 01 0000 0001 61 00000001 00000000 0000000000000000 00 00000002 61, INVALID_REQUEST, #/records/0, truncated
        the greatest length,                01 01 0000 0001 61 00000001 00000000 0000000000000000 00 7fffffff 61, INVALID_REQUEST, #/records/0, truncated
        a string key that is not UTF-8,     01 01 0000 0001 61 00000001 00000000 0000000000000000 00 00000001 ff, INVALID_RECORD, #/records/0, invalid_key
        a text value that is not UTF-8,     01 01 0000 0001 61 00000001 00000000 0000000000000000 01 ffffffff 00000001 ff, INVALID_RECORD, #/records/0, invalid_value
        a value that is not JSON,           01 01 0000 0001 61 00000001 00000000 0000000000000000 00 ffffffff 00000001 7b, MALFORMED_JSON, #/records/0/value, malformed_json
        two JSON values,                    01 01 0000 0001 61 00000001 00000000 0000000000000000 00 ffffffff 00000003 312032, MALFORMED_JSON, #/records/0/value, malformed_json
        an empty JSON value,                01 01 0000 0001 61 00000001 00000000 0000000000000000 00 ffffffff 00000000, MALFORMED_JSON, #/records/0/value, malformed_json
        headers as an object,               01 01 0000 0001 61 00000001 00000000 0000000000000000 00 ffffffff ffffffff 00000002 7b7d, INVALID_RECORD, #/records/0/headers, wrong_type
        headers and a number,               01 01 0000 0001 61 00000001 00000000 0000000000000000 00 ffffffff ffffffff 00000003 5b5d31, MALFORMED_JSON, #/records/0/headers, malformed_json
        bytes after the records,            01 01 0000 0001 61 00000001 00000000 0000000000000000 00 ffffffff ffffffff ffffffff 00, INVALID_REQUEST, #, trailing_bytes
        """)
    void anInvalidFrameIsRefusedWithTheLocationOfTheError(
            String what, String hex, HubError error, String pointer, String code) {
        HubException refusal = catchThrowableOfType(HubException.class, () -> read(hex));

        assertThat(refusal).as(what).isNotNull();
        assertThat(refusal.error()).isEqualTo(error);
        assertThat(refusal.violations()).hasSize(1);
        assertThat(Places.text(refusal.violations().getFirst().place())).isEqualTo(pointer);
        assertThat(refusal.violations().getFirst().code()).isEqualTo(code);
    }

    @Test
    void aRecordBeyondTheLimitIsTooLarge() {
        String value = "22" + "61".repeat(99) + "22";
        HubException refusal = catchThrowableOfType(
                HubException.class,
                () -> read(TO_FLIGHTS + "00000001" + ANYWHERE_NOW + "00 ffffffff 00000065" + value + NO_HEADERS));

        assertThat(refusal.error()).isEqualTo(HubError.RECORD_TOO_LARGE);
        assertThat(Places.text(refusal.violations().getFirst().place())).isEqualTo("#/records/0");
    }

    @Test
    void everyTruncatedFrameIsRefusedWithItsRefOnceThatIsRead() {
        byte[] whole = bytes(TO_FLIGHTS + "00000001" + ANYWHERE_NOW + "00 00000001 61 00000001 31 00000002 5b5d");
        for (int length = 0; length < whole.length; length++) {
            BinaryProduceReader reader = new BinaryProduceReader(whole, length, LIMITS);
            HubException refusal = catchThrowableOfType(HubException.class, reader::read);

            assertThat(refusal.error()).as("%d bytes", length).isEqualTo(HubError.INVALID_REQUEST);
            assertThat(reader.ref()).as("%d bytes", length).isEqualTo(length < 5 ? null : "7");
        }
        assertThat(new BinaryProduceReader(whole, whole.length, LIMITS).read().records())
                .hasSize(1);
    }

    @Test
    void bytesAfterTheFrameInItsArrayAreIgnored() {
        byte[] frame = bytes(TO_FLIGHTS + "00000001" + ANYWHERE_NOW + "00 ffffffff ffffffff" + NO_HEADERS);
        byte[] reused = Arrays.copyOf(frame, frame.length + 100);

        assertThat(new BinaryProduceReader(reused, frame.length, LIMITS).read().records())
                .hasSize(1);
    }

    private static ProduceFrame read(String hex) {
        byte[] frame = bytes(hex);
        return new BinaryProduceReader(frame, frame.length, LIMITS).read();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\[[^]]*]|\\s", ""));
    }
}
