package io.millrace.bench.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.run.BenchException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BinaryFrameScannerTest {

    /** Records of topic {@code t} for subscription {@code s}, partition 3 and no group. */
    private static final String OPENING = "03 0001 73 0001 74 00000003 0000000000000000 ";

    /** Offset, timestamp and format: a JSON value and a text key. */
    private static final String OFFSET_7 = "0000000000000007 0000018bcfe56800 00 ";

    private static final String OFFSET_8 = "0000000000000008 0000018bcfe56801 00 ";

    private static final String KEY_K = "00000001 6b ";
    private static final String VALUE_12 = "00000002 3132 ";
    private static final String NULL = "ffffffff ";

    /** Next offset 8 and high watermark 9. */
    private static final String FRAME =
            OPENING + "0000000000000008 0000000000000009 00000001 " + OFFSET_7 + KEY_K + VALUE_12 + NULL;

    private final FrameScanner scanner = Subprotocol.BINARY.scanner("s", "t");

    @Test
    void recordsAreDistinguishedFromOtherFramesSubscriptionsAndTopics() {
        assertThat(holdsRecords(FRAME)).isTrue();
        assertThat(holdsRecords("02" + FRAME.substring(2))).isFalse();
        assertThat(holdsRecords(FRAME.replace("0001 73", "0001 78"))).isFalse();
        assertThat(holdsRecords(FRAME.replace("0001 74", "0001 78"))).isFalse();
        assertThat(holdsRecords("7b 22 74 79 70 65")).as("{\"type").isFalse();
        assertThat(holdsRecords(OPENING)).as("truncated in its head").isFalse();
    }

    @Test
    void offsetsAndValueLengthsAreReadFromAFrame() {
        String sentAt42 = "7b226174223a 31303030303030303030303030303432 2c2274657874223a22227d ";
        ScannedRecords read = scan(OPENING + "0000000000000009 000000000000000c 00000002 "
                + OFFSET_7 + KEY_K + "00000021 " + sentAt42 + NULL
                + OFFSET_8 + KEY_K + VALUE_12 + "00000002 5b5d");

        assertThat(read.partition()).isEqualTo(3);
        assertThat(read.firstOffset()).isEqualTo(7);
        assertThat(read.count()).isEqualTo(2);
        assertThat(read.contiguous()).isTrue();
        assertThat(read.nextOffset()).isEqualTo(9);
        assertThat(read.valueBytes()).isEqualTo("{\"at\":1000000000000042,\"text\":\"\"}".length() + "12".length());
        assertThat(read.sendTimes()).containsExactly(1000000000000042L, 0);
    }

    @Test
    void keysAndValuesMayBeNullEmptyOrBinary() {
        ScannedRecords read = scan(OPENING + "000000000000000b 000000000000000b 00000004 "
                + OFFSET_7 + NULL + NULL + NULL
                + OFFSET_8 + "00000000 " + "00000000 " + "00000000 "
                + "0000000000000009 0000018bcfe56800 06 " + "00000002 ff00 " + "00000003 00ff80 " + NULL
                + "000000000000000a 0000018bcfe56800 01 " + NULL + "00000001 78 " + NULL);

        assertThat(read.firstOffset()).isEqualTo(7);
        assertThat(read.count()).isEqualTo(4);
        assertThat(read.contiguous()).isTrue();
        assertThat(read.valueBytes()).isEqualTo(4);
        assertThat(read.sendTimes()).containsExactly(0, 0, 0, 0);
    }

    @Test
    void headersAreNotMistakenForTheNextRecord() {
        String headers = "[{\"name\":\"n\",\"value\":\"v\"}]";
        String length = HexFormat.of().toHexDigits(headers.length());

        ScannedRecords read = scan(OPENING + "0000000000000009 0000000000000009 00000002 "
                + OFFSET_7 + NULL + VALUE_12 + length + HexFormat.of().formatHex(headers.getBytes())
                + OFFSET_8 + NULL + VALUE_12 + NULL);

        assertThat(read.count()).isEqualTo(2);
        assertThat(read.contiguous()).isTrue();
        assertThat(read.valueBytes()).isEqualTo(4);
    }

    @Test
    void aShortSendTimeIsNotCompletedFromThePreviousValue() {
        String sentAt42 = "00000016 7b226174223a 31303030303030303030303030303432 ";
        String sentAt10 = "00000008 7b226174223a 3130 ";

        ScannedRecords read = scan(OPENING + "0000000000000009 0000000000000009 00000002 "
                + OFFSET_7 + NULL + sentAt42 + NULL
                + OFFSET_8 + NULL + sentAt10 + NULL);

        assertThat(read.sendTimes()).containsExactly(1000000000000042L, 10);
    }

    @Test
    void gapsAndRepetitionsAreDetected() {
        String record = KEY_K + VALUE_12 + NULL;
        String two = OPENING + "0000000000000009 0000000000000009 00000002 ";

        assertThat(scan(two + OFFSET_7 + record + OFFSET_8 + record).contiguous())
                .isTrue();
        assertThat(scan(two + OFFSET_7 + record + OFFSET_7 + record).contiguous())
                .isFalse();
        assertThat(scan(two + OFFSET_8 + record + OFFSET_7 + record).contiguous())
                .isFalse();
    }

    @Test
    void aFrameWithoutRecordsHasNone() {
        ScannedRecords read = scan(OPENING + "0000000000000008 0000000000000008 00000000");

        assertThat(read.count()).isZero();
        assertThat(read.firstOffset()).isEqualTo(-1);
        assertThat(read.nextOffset()).isEqualTo(8);
    }

    @Test
    void aFrameThatIsTruncatedAnywhereIsRefusedWhateverFollows() {
        int head = length(OPENING + "0000000000000008 0000000000000009 00000001");
        for (String frame :
                new String[] {FRAME, FRAME.substring(0, FRAME.length() - NULL.length()) + "00000002 5b5d"}) {
            String whole = frame.replace(" ", "");
            assertThat(scan(whole).count()).isEqualTo(1);
            for (int cut = 2 * head; cut < whole.length(); cut += 2) {
                String start = whole.substring(0, cut);
                for (String following : new String[] {whole.substring(cut), "00".repeat(30), "ff".repeat(30)}) {
                    assertThatThrownBy(() -> scanner.scan(buffer(start, following)))
                            .as("%s, and then %s", start, following)
                            .isInstanceOf(BenchException.class)
                            .hasMessage("the hub sent a truncated frame");
                }
            }
        }
    }

    @Test
    void bytesAfterTheLastRecordAreRefused() {
        assertRefused(FRAME + "00", "1 bytes after the last record of a frame with 1");
        assertRefused(FRAME.replace(" 00000001 " + OFFSET_7, " 00000000 " + OFFSET_7), "32 bytes after");
    }

    @Test
    void impossibleLengthsAreRefused() {
        assertRefused(FRAME.replace(KEY_K, "fffffffe 6b "), "a length of -2");
        assertRefused(FRAME.replace(VALUE_12, "80000000 3132 "), "a length of -2147483648");
        assertRefused(FRAME.replace(VALUE_12, "7fffffff 3132 "), "truncated");
        assertRefused(FRAME.replace(VALUE_12, "00000007 3132 "), "truncated");
        assertRefused(FRAME.replace(" 00000001 " + OFFSET_7, " 00000002 " + OFFSET_7), "truncated");
    }

    @Test
    void unknownFormatsAreRefused() {
        for (String format : new String[] {"03", "07", "08", "80", "ff"}) {
            String odd = FRAME.replace(OFFSET_7, OFFSET_7.substring(0, OFFSET_7.length() - 3) + format + " ");

            assertRefused(odd, "a record of unknown format " + (byte) Integer.parseInt(format, 16));
        }
    }

    @Test
    void anImpossibleHeadIsRefused() {
        assertRefused(FRAME.replace("00000003 0000000000000000", "ffffffff 0000000000000000"), "partition -1");
        assertRefused(FRAME.replace("0000000000000008 ", "8000000000000000 "), "next offset -9223372036854775808");
        assertRefused(FRAME.replace(" 00000001 " + OFFSET_7, " ffffffff " + OFFSET_7), "-1 records");
    }

    @Test
    void theSameRecordsAreRecognisedWithAnotherHighWatermark() {
        String later = FRAME.replace("0000000000000009", "000000000000000c");

        assertThat(later).isNotEqualTo(FRAME);
        assertThat(recognised(later)).isTrue();
        assertThat(hash(later)).isEqualTo(hash(FRAME));
    }

    @Test
    void otherRecordsAreNotRecognised() {
        assertThat(recognised(FRAME.replace("3132", "3133"))).as("value").isFalse();
        assertThat(recognised(FRAME.replace("0000000000000008", "0000000000000080")))
                .as("next offset")
                .isFalse();
        assertThat(recognised(FRAME.replace("00000003", "00000004")))
                .as("partition")
                .isFalse();
        assertThat(recognised(FRAME.replace("00000003 0000000000000000", "00000003 0000000000000001")))
                .as("epoch")
                .isFalse();
        assertThat(recognised(FRAME + "00")).as("a byte more").isFalse();
        assertThat(recognised(FRAME.substring(0, FRAME.length() - 3)))
                .as("a byte less")
                .isFalse();
        assertThat(hash(FRAME.replace("00000003", "00000004"))).isNotEqualTo(hash(FRAME));
        assertThat(hash(FRAME.replace("0000000000000008", "0000000000000009"))).isNotEqualTo(hash(FRAME));
    }

    private void assertRefused(String frame, String message) {
        assertThatThrownBy(() -> scan(frame))
                .as(frame)
                .isInstanceOf(BenchException.class)
                .hasMessageContaining(message);
    }

    private boolean holdsRecords(String frame) {
        return scanner.holdsRecords(buffer(frame));
    }

    private ScannedRecords scan(String frame) {
        ByteBuf buffer = buffer(frame);
        ScannedRecords read = scanner.scan(buffer);
        assertThat(buffer.readerIndex()).isOne();
        return read;
    }

    private boolean recognised(String frame) {
        ByteBuffer imprint = scanner.imprint(buffer(FRAME));
        return scanner.matches(buffer(frame), imprint);
    }

    private int hash(String frame) {
        return scanner.hash(buffer(frame));
    }

    private static int length(String frame) {
        return bytes(frame).length;
    }

    /** A frame in the middle of a buffer, as in most reads. */
    private static ByteBuf buffer(String frame) {
        return buffer(frame, "ff".repeat(8));
    }

    private static ByteBuf buffer(String frame, String following) {
        return Unpooled.buffer()
                .writeByte('x')
                .writeBytes(bytes(frame + following))
                .setIndex(1, 1 + bytes(frame).length);
    }

    private static byte[] bytes(String frame) {
        return HexFormat.of().parseHex(frame.replace(" ", ""));
    }
}
