package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.RecordFormat;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.eventlog.Slice;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The binary frames of the hub, byte for byte. */
class BinaryFramesTest {

    private final RecordBatch batch = new Slice(
                    1,
                    new RecordColumns(
                            new long[] {1000, 1001, 1002},
                            new byte[][] {{'k'}, null, {(byte) 0xff}},
                            new byte[][] {{'1'}, null, {0, 1}},
                            new byte[][] {null, null, {'[', ']'}},
                            new byte[] {0, 0, RecordFormat.KEY_BINARY | RecordFormat.VALUE_BINARY},
                            7))
            .at(41);

    @Test
    void anAnswerHasTheRefAndThePositionOfEachRecord() {
        assertThat(hex(BinaryFrames.produced("7", new int[] {3, 0}, new long[] {42, 1L << 32})))
                .isEqualTo("02 0001 37 00000002 00000003 000000000000002a 00000000 0000000100000000".replace(" ", ""));
        assertThat(hex(BinaryFrames.produced(null, new int[0], new long[0])))
                .isEqualTo("02 0000 00000000".replace(" ", ""));
    }

    @Test
    void recordsBeginWithTheirSubscriptionAndPartition() {
        assertThat(hex(BinaryFrames.recordsOpening("s1", new TopicPartition("é", 5), 9, 44, 50, 3)))
                .isEqualTo(("03 0002 7331 0002 c3a9 00000005 0000000000000009 000000000000002c 0000000000000032"
                                + "00000003")
                        .replace(" ", ""));
    }

    @Test
    void aRecordIsWrittenColumnByColumn() {
        assertThat(written(0, 3))
                .isEqualTo(("0000000000000029 00000000000003e8 00 00000001 6b 00000001 31 ffffffff"
                                + "000000000000002a 00000000000003e9 00 ffffffff ffffffff ffffffff"
                                + "000000000000002b 00000000000003ea 06 00000001 ff 00000002 0001 00000002 5b5d")
                        .replace(" ", ""));
    }

    @Test
    void aPartOfABatchIsWrittenAlone() {
        assertThat(written(1, 2)).isEqualTo("000000000000002a00000000000003e900ffffffffffffffffffffffff");
    }

    /** The buffer has the computed size: too small a size fails, and too large a one leaves a remainder. */
    private String written(int from, int to) {
        ByteBuffer out = ByteBuffer.allocate(BinaryRecords.size(batch, from, to));
        BinaryRecords.write(out, batch, from, to);
        assertThat(out.hasRemaining()).isFalse();
        return hex(out.array());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
