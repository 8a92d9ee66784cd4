package io.millrace.codec;

import io.millrace.event.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the binary frames of the hub. */
public final class BinaryFrames {

    private BinaryFrames() {}

    /**
     * The answer to a produce frame:
     *
     * <pre>
     * i8 kind = 2 | string ref, empty for none | i32 count of records, each: i32 partition | i64 offset
     * </pre>
     */
    public static byte[] produced(@Nullable String ref, int[] partitions, long[] offsets) {
        byte[] name = utf8(ref == null ? "" : ref);
        int size = 1 + Short.BYTES + name.length + Integer.BYTES + offsets.length * (Integer.BYTES + Long.BYTES);
        ByteBuffer out = ByteBuffer.allocate(size).put(FrameKind.PRODUCED);
        string(out, name).putInt(offsets.length);
        for (int i = 0; i < offsets.length; i++) {
            out.putInt(partitions[i]).putLong(offsets[i]);
        }
        return out.array();
    }

    /**
     * The part of a frame before its records ({@link BinaryRecords}):
     *
     * <pre>
     * i8 kind = 3 | string id | string topic | i32 partition | i64 epoch | i64 next_offset | i64 high_watermark | i32 count
     * </pre>
     *
     * @param epoch at which the partition was assigned to the group member; 0 without a group
     */
    public static byte[] recordsOpening(
            String id, TopicPartition partition, long epoch, long nextOffset, long highWatermark, int count) {
        byte[] name = utf8(id);
        byte[] topic = utf8(partition.topic());
        int size = 1 + 2 * Short.BYTES + name.length + topic.length + 2 * Integer.BYTES + 3 * Long.BYTES;
        ByteBuffer out = ByteBuffer.allocate(size).put(FrameKind.RECORDS);
        string(out, name);
        string(out, topic)
                .putInt(partition.partition())
                .putLong(epoch)
                .putLong(nextOffset)
                .putLong(highWatermark)
                .putInt(count);
        return out.array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Names are far shorter than 65,536 bytes, or were read from a field of this kind. */
    private static ByteBuffer string(ByteBuffer out, byte[] utf8) {
        return out.putShort((short) utf8.length).put(utf8);
    }
}
