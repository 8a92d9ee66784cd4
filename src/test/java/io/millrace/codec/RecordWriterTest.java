package io.millrace.codec;

import static io.millrace.json.JsonTexts.concat;
import static io.millrace.json.JsonTexts.text;
import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.event.RecordLimits;
import io.millrace.json.Jackson;
import io.millrace.json.JsonBuffer;
import io.millrace.json.JsonGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordWriterTest {

    private static final RecordLimits LIMITS = new RecordLimits(1_000_000, 100, 10);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                       | "key":null,"value":null,"headers":[]
        {"key":"","value":""}                    | "key":"","value":"","headers":[]
        {"key":"a\\u00e9\\"\\\\\\/\\u0001\\n"}   | "key":"aé\\"\\\\/\\u0001\\n","value":null,"headers":[]
        {"key_base64":"/+8="}                    | "key_base64":"/+8=","value":null,"headers":[]
        {"key_base64":""}                        | "key_base64":"","value":null,"headers":[]
        {"value":{"b":1, "a":[ 2.50 ]}}          | "key":null,"value":{"b":1, "a":[ 2.50 ]},"headers":[]
        {"value":"\\u00e9\\/"}                   | "key":null,"value":"\\u00e9\\/","headers":[]
        {"value_base64":"AA=="}                  | "key":null,"value_base64":"AA==","headers":[]
        {"value_base64":""}                      | "key":null,"value_base64":"","headers":[]
        {"headers":[ {"value":"1","name":"a"} ]} | "key":null,"value":null,"headers":[{"name":"a","value":"1"}]
        {"headers":[{"name":"a","value_base64":"AA=="},{"name":"b"}]} | "key":null,"value":null,"headers":[{"name":"a","value_base64":"AA=="},{"name":"b","value":null}]
        """)
    void aRecordIsWrittenInTheFormInWhichItWasProduced(String produced, String written) {
        NewRecord record = parse(produced);

        assertThat(write(RecordWriter.plain(), record))
                .isEqualTo("{\"offset\":42,\"timestamp\":1700000000000," + written + "}");
        assertThat(write(RecordWriter.of("my-\"topic\"", 7), record))
                .isEqualTo("{\"topic\":\"my-\\\"topic\\\"\",\"partition\":7,\"offset\":42,\"timestamp\":1700000000000,"
                        + written + "}");
    }

    @Test
    void aTextValueIsWrittenAsAString() {
        assertThat(write(RecordWriter.plain(), record(null, utf8("a\r\n\"é\\🛫"), RecordFormat.VALUE_TEXT)))
                .isEqualTo("{\"offset\":42,\"timestamp\":1700000000000,\"key\":null,"
                        + "\"value\":\"a\\r\\n\\\"é\\\\🛫\",\"headers\":[]}");
        assertThat(write(RecordWriter.plain(), record(new byte[] {-1}, new byte[0], (byte) 5)))
                .isEqualTo("{\"offset\":42,\"timestamp\":1700000000000,\"key_base64\":\"/w==\","
                        + "\"value\":\"\",\"headers\":[]}");
    }

    @Test
    void aSingleLineHasSpacesForTheLineBreaksBetweenTokens() {
        RecordWriter writer = RecordWriter.plain().singleLine();
        NewRecord record = parse("{\"key\":\"a\\nb\",\"value\":{\r\n  \"a\\n\" :\n[\r]\t} \n}");

        assertThat(write(writer, record))
                .isEqualTo("{\"offset\":42,\"timestamp\":1700000000000,\"key\":\"a\\nb\","
                        + "\"value\":{    \"a\\n\" : [ ]\t},\"headers\":[]}");
        assertThat(text(record.value())).as("the stored value").contains("\r\n");
        assertThat(writer.singleLine()).isSameAs(writer);
        assertThat(write(RecordWriter.of("t", 0).singleLine(), record)).doesNotContain("\n", "\r");
    }

    @Test
    void recordsFollowOneAnotherInABuffer() {
        JsonBuffer out = new JsonBuffer(1);
        out.ascii('\n');
        RecordWriter.plain().singleLine().write(out, 0, 0, null, utf8("[\n]"), null, (byte) 0);
        out.ascii('\n');
        RecordWriter.plain().write(out, Long.MAX_VALUE, -1, null, utf8("[\n]"), null, (byte) 0);

        assertThat(text(out.toByteArray())).isEqualTo("""

            {"offset":0,"timestamp":0,"key":null,"value":[ ],"headers":[]}
            {"offset":9223372036854775807,"timestamp":-1,"key":null,"value":[
            ],"headers":[]}\
            """);
    }

    @Test
    void recordsAreWrittenAsTheyWereProduced() {
        JsonGenerator random = new JsonGenerator(8);
        RecordWriter single = RecordWriter.of("orders", 3).singleLine();
        for (int i = 0; i < 5_000; i++) {
            RoundTrip example = RoundTrip.random(random);
            NewRecord record = parse(example.json());

            String written = write(RecordWriter.plain(), record);
            String line = write(single, record);

            assertThat(Jackson.tree(written)).as(written).isEqualTo(example.expected());
            assertThat(Jackson.tree(line)).as(line).isEqualTo(example.expected());
            assertThat(line).doesNotContain("\n", "\r");
            byte @Nullable [] value = record.value();
            if (value != null && RecordFormat.value(record.format()) == RecordFormat.VALUE_JSON) {
                assertThat(written).contains(",\"value\":" + text(value) + ",\"headers\":");
            }
            expectSame(parse(example.reproduced(written)), record);
        }
    }

    private static void expectSame(NewRecord again, NewRecord record) {
        assertThat(again.key()).isEqualTo(record.key());
        assertThat(again.value()).isEqualTo(record.value());
        assertThat(again.headers()).isEqualTo(record.headers());
        assertThat(again.format()).isEqualTo(record.format());
    }

    private static NewRecord parse(String record) {
        byte[] body = concat(utf8("{\"records\":["), utf8(record), utf8("]}"));
        return RecordParser.parseRequest(body, 0, body.length, LIMITS).getFirst();
    }

    private static NewRecord record(byte @Nullable [] key, byte[] value, byte format) {
        return new NewRecord(NewRecord.ANY_PARTITION, NewRecord.NO_TIMESTAMP, key, value, null, format);
    }

    private static String write(RecordWriter writer, NewRecord record) {
        JsonBuffer out = new JsonBuffer(0);
        writer.write(out, 42, 1_700_000_000_000L, record.key(), record.value(), record.headers(), record.format());
        return text(out.toByteArray());
    }
}
