package io.millrace.bench.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonFrameScannerTest {

    private static final String FRAME =
            "{\"type\":\"records\",\"id\":\"s\",\"topic\":\"t\",\"partition\":3,\"records\":["
                    + "{\"offset\":7,\"timestamp\":1,\"key\":\"k\",\"value\":12,\"headers\":[]}],"
                    + "\"next_offset\":8,\"high_watermark\":9}";

    private final FrameScanner scanner = Subprotocol.JSON.scanner("s", "t");

    @Test
    void recordsAreDistinguishedFromOtherFramesAndSubscriptions() {
        assertThat(holdsRecords(FRAME)).isTrue();
        assertThat(holdsRecords("{\"type\":\"error\"}")).isFalse();
        assertThat(holdsRecords("{\"type\":\"assigned\",\"id\":\"s\",\"epoch\":0,\"partitions\":[]}"))
                .isFalse();
        assertThat(holdsRecords(FRAME.replace("\"id\":\"s\"", "\"id\":\"other\"")))
                .isFalse();
    }

    @Test
    void aFrameIsReadInPlace() {
        ByteBuf buffer = buffer(FRAME);

        ScannedRecords read = scanner.scan(buffer);

        assertThat(read.partition()).isEqualTo(3);
        assertThat(read.firstOffset()).isEqualTo(7);
        assertThat(read.nextOffset()).isEqualTo(8);
        assertThat(read.valueBytes()).isEqualTo(2);
        assertThat(buffer.readerIndex()).isOne();
    }

    @Test
    void theSameRecordsAreRecognisedWithAnotherHighWatermark() {
        String later = FRAME.replace("\"high_watermark\":9", "\"high_watermark\":12");

        assertThat(recognised(later)).isTrue();
        assertThat(hash(later)).isEqualTo(hash(FRAME));
    }

    @Test
    void otherRecordsAreNotRecognised() {
        assertThat(recognised(FRAME.replace("\"value\":12", "\"value\":13"))).isFalse();
        assertThat(recognised(FRAME.replace("\"next_offset\":8", "\"next_offset\":80")))
                .isFalse();
        assertThat(recognised(FRAME.substring(0, FRAME.indexOf(",\"high_watermark"))))
                .isFalse();
        assertThat(hash(FRAME.replace("\"partition\":3", "\"partition\":4"))).isNotEqualTo(hash(FRAME));
        assertThat(hash(FRAME.replace("\"offset\":7", "\"offset\":8"))).isNotEqualTo(hash(FRAME));
    }

    private boolean holdsRecords(String frame) {
        return scanner.holdsRecords(buffer(frame));
    }

    private boolean recognised(String frame) {
        ByteBuffer imprint = scanner.imprint(buffer(FRAME));
        return scanner.matches(buffer(frame), imprint);
    }

    private int hash(String frame) {
        return scanner.hash(buffer(frame));
    }

    /** A frame that does not begin at index 0, as in most reads. */
    private static ByteBuf buffer(String frame) {
        return Unpooled.copiedBuffer("x" + frame, StandardCharsets.US_ASCII).skipBytes(1);
    }
}
