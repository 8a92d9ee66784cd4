package io.millrace.codec;

import static io.millrace.json.JsonTexts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.Acks;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.event.RecordLimits;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.eventlog.Slice;
import io.millrace.json.JsonBuffer;
import io.millrace.json.JsonSyntaxException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hub reads what clients write, and clients read what the hub writes. */
class ClientSideTest {

    private static final RecordLimits LIMITS = new RecordLimits(1000, 100, 10);
    private static final byte BINARY = RecordFormat.KEY_BINARY | RecordFormat.VALUE_BINARY;
    private static final byte[] HEADERS = utf8("[{\"name\":\"a\",\"value\":\"b\"}]");

    private static final List<NewRecord> SENT = List.of(
            new NewRecord(-1, -1, utf8("k\"é"), utf8("{ \"a\": 1e400 }"), null, RecordFormat.DEFAULT),
            new NewRecord(3, 17, null, null, HEADERS, RecordFormat.DEFAULT),
            new NewRecord(0, 0, new byte[] {-1}, new byte[] {0, -2}, null, BINARY));

    private final RecordBatch stored = new Slice(
                    1,
                    new RecordColumns(
                            new long[] {1000, 1001, 1002},
                            new byte[][] {utf8("k\"é"), null, {-1}},
                            new byte[][] {utf8("{ \"a\": 1e400 }"), null, {0, -2}},
                            new byte[][] {null, HEADERS, null},
                            new byte[] {0, 0, BINARY},
                            4 + 14 + HEADERS.length + 1 + 2))
            .at(41);

    private static final List<ReadRecord> READ = List.of(
            new ReadRecord(41, 1000, utf8("k\"é"), utf8("{ \"a\": 1e400 }"), null, RecordFormat.DEFAULT),
            new ReadRecord(42, 1001, null, null, HEADERS, RecordFormat.DEFAULT),
            new ReadRecord(43, 1002, new byte[] {-1}, new byte[] {0, -2}, null, BINARY));

    @Test
    void recordsInJsonArriveAsTheyWereSent() {
        JsonBuffer body = new JsonBuffer(8).literal("{\"records\":");
        NewRecordWriter.array(body, SENT);
        body.ascii('}');

        assertThat(RecordParser.parseRequest(body.array(), 0, body.length(), LIMITS))
                .usingRecursiveComparison()
                .isEqualTo(SENT);
    }

    @Test
    void aBinaryFrameArrivesAsItWasSent() {
        for (Acks acks : Acks.values()) {
            byte[] frame = NewRecordWriter.frame("7", "flights", acks, SENT);

            assertThat(new BinaryProduceReader(frame, frame.length, LIMITS).read())
                    .usingRecursiveComparison()
                    .isEqualTo(new ProduceFrame("7", "flights", acks, SENT));
        }
        byte[] frame = NewRecordWriter.frame(null, "flights", Acks.NONE, SENT);
        assertThat(new BinaryProduceReader(frame, frame.length, LIMITS).read().ref())
                .isNull();
    }

    @Test
    void aPageIsReadAsItWasStored() {
        ReadPage page =
                PageReader.page(page("{\"topic\":\"t\",\"partition\":5,\"start_offset\":40,\"later\":{\"a\":[1]},"));

        assertThat(page)
                .usingRecursiveComparison()
                .isEqualTo(new ReadPage("", "t", 5, ReadPage.ABSENT, 40, 44, 50, READ));
        assertThat(page.memberEpoch()).isEmpty();
    }

    @Test
    void aFrameOfAGroupHasItsSubscriptionAndEpoch() {
        ReadPage page = PageReader.page(
                page("{\"type\":\"records\",\"id\":\"s\\u0031\",\"topic\":\"t\",\"partition\":5,\"epoch\":9,"));

        assertThat(page)
                .usingRecursiveComparison()
                .isEqualTo(new ReadPage("s1", "t", 5, 9, ReadPage.ABSENT, 44, 50, READ));
        assertThat(page.memberEpoch()).hasValue(9);
    }

    @Test
    void aSingleRecordHasItsTopicAndPartition() {
        JsonBuffer out = new JsonBuffer();
        RecordWriter.of("t", 5).write(out, stored, 2);

        assertThat(PageReader.line(out.toByteArray()))
                .usingRecursiveComparison()
                .isEqualTo(new ReadPage("", "t", 5, -1, -1, -1, -1, List.of(READ.get(2))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"records\":{}}",
                "{\"records\":[1]}",
                "{\"records\":[{\"timestamp\":1}]}",
                "{\"records\":[{\"offset\":-1}]}",
                "{\"records\":[{\"offset\":\"1\"}]}",
                "{\"records\":[{\"offset\":1,\"key\":1}]}",
                "{\"records\":[{\"offset\":1,\"key\":\"\\ud800\"}]}",
                "{\"records\":[{\"offset\":1,\"value_base64\":\"?\"}]}",
                "{\"records\":[]} x",
                "{\"records\":[]"
            })
    void textThatIsNotAPageIsRefused(String other) {
        assertThatThrownBy(() -> PageReader.page(utf8(other))).isInstanceOf(JsonSyntaxException.class);
    }

    @Test
    void recordsInABinaryFrameAreReadAsTheyWereStored() {
        assertThat(new BinaryFrameReader(records()).holdsRecords()).isTrue();
        assertThat(new BinaryFrameReader(records()).records())
                .usingRecursiveComparison()
                .isEqualTo(new ReadPage("s1", "t", 5, 9, ReadPage.ABSENT, 44, 50, READ));
    }

    @Test
    void aBinaryAnswerHasThePositionOfEachRecord() {
        BinaryFrameReader frame =
                new BinaryFrameReader(BinaryFrames.produced("7", new int[] {3, 0}, new long[] {42, 1L << 32}));

        assertThat(frame.holdsRecords()).isFalse();
        assertThat(frame.produced())
                .usingRecursiveComparison()
                .isEqualTo(new BinaryFrameReader.Produced("7", new int[] {3, 0}, new long[] {42, 1L << 32}));
    }

    @Test
    void aBinaryFrameTooShortOrTooLongIsRefused() {
        byte[] records = records();
        byte[] answer = BinaryFrames.produced("7", new int[] {3}, new long[] {42});
        for (int length = 0; length < records.length; length++) {
            BinaryFrameReader cut = new BinaryFrameReader(Arrays.copyOf(records, length));
            assertThatThrownBy(cut::records).isInstanceOf(IllegalArgumentException.class);
        }
        for (int length = 0; length < answer.length; length++) {
            BinaryFrameReader cut = new BinaryFrameReader(Arrays.copyOf(answer, length));
            assertThatThrownBy(cut::produced).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(new BinaryFrameReader(Arrays.copyOf(records, records.length + 1))::records)
                .hasMessage("1 bytes follow the frame");
        assertThatThrownBy(new BinaryFrameReader(Arrays.copyOf(answer, answer.length + 1))::produced)
                .hasMessage("1 bytes follow the frame");
        assertThatThrownBy(new BinaryFrameReader(answer)::records).hasMessage("the frame is of kind 2, not 3");
    }

    @Test
    void aCountBeyondTheFrameTakesNoMemory() {
        byte[] records = records();
        int countAt = 1 + 4 + 3 + Integer.BYTES + 3 * Long.BYTES;
        ByteBuffer.wrap(records).putInt(countAt, Integer.MAX_VALUE);

        assertThatThrownBy(new BinaryFrameReader(records)::records)
                .hasMessage("the frame is too short for its count, 2147483647");
    }

    private byte[] page(String opening) {
        JsonBuffer out = new JsonBuffer().literal(opening).literal("\"records\":");
        for (int i = 0; i < stored.count(); i++) {
            RecordWriter.plain().write(out.ascii(i == 0 ? '[' : ','), stored, i);
        }
        return out.literal("],\"next_offset\":44,\"high_watermark\":50}").toByteArray();
    }

    private byte[] records() {
        byte[] opening = BinaryFrames.recordsOpening("s1", new TopicPartition("t", 5), 9, 44, 50, 3);
        ByteBuffer out = ByteBuffer.allocate(opening.length + BinaryRecords.size(stored, 0, 3))
                .put(opening);
        BinaryRecords.write(out, stored, 0, 3);
        return out.array();
    }
}
