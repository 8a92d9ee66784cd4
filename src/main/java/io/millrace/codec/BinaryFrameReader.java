package io.millrace.codec;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a hub, which {@link BinaryFrames} and {@link BinaryRecords} write. Throws
 * {@link IllegalArgumentException} for a frame of another kind, too short or too long. For one frame and one thread.
 */
public final class BinaryFrameReader {

    private static final int LEAST_RECORD_BYTES = 2 * Long.BYTES + 1 + 3 * Integer.BYTES;
    private static final int POSITION_BYTES = Integer.BYTES + Long.BYTES;

    /**
     * The answer to a produce frame.
     *
     * @param ref of the produce frame; empty for none
     * @param partitions of its records, in their order; empty with {@code acks} 0
     * @param offsets of its records
     */
    public record Produced(String ref, int[] partitions, long[] offsets) {}

    private final ByteBuffer in;

    /** @param frame not changed while it is read, and not held after it */
    public BinaryFrameReader(byte[] frame) {
        this.in = ByteBuffer.wrap(frame);
    }

    /** Whether the frame holds records; otherwise it answers a produce frame. */
    public boolean holdsRecords() {
        return in.capacity() > 0 && in.get(0) == FrameKind.RECORDS;
    }

    /** Reads {@link BinaryFrames#produced}. */
    public Produced produced() {
        try {
            begin(FrameKind.PRODUCED);
            String ref = string();
            int count = count(POSITION_BYTES);
            int[] partitions = new int[count];
            long[] offsets = new long[count];
            for (int i = 0; i < count; i++) {
                partitions[i] = in.getInt();
                offsets[i] = in.getLong();
            }
            end();
            return new Produced(ref, partitions, offsets);
        } catch (BufferUnderflowException early) {
            throw new IllegalArgumentException("the frame ends too early", early);
        }
    }

    /** Reads {@link BinaryFrames#recordsOpening} and the records after it. */
    public ReadPage records() {
        try {
            begin(FrameKind.RECORDS);
            String id = string();
            String topic = string();
            int partition = in.getInt();
            long epoch = in.getLong();
            long nextOffset = in.getLong();
            long highWatermark = in.getLong();
            int count = count(LEAST_RECORD_BYTES);
            List<ReadRecord> records = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                records.add(record());
            }
            end();
            return new ReadPage(id, topic, partition, epoch, ReadPage.ABSENT, nextOffset, highWatermark, records);
        } catch (BufferUnderflowException early) {
            throw new IllegalArgumentException("the frame ends too early", early);
        }
    }

    private ReadRecord record() {
        long offset = in.getLong();
        long timestamp = in.getLong();
        byte format = in.get();
        return new ReadRecord(offset, timestamp, bytes(), bytes(), bytes(), format);
    }

    private void begin(byte kind) {
        in.rewind();
        byte found = in.get();
        if (found != kind) {
            throw new IllegalArgumentException("the frame is of kind " + found + ", not " + kind);
        }
    }

    /** Reads the count of elements that take at least {@code least} bytes each. */
    private int count(int least) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / least) {
            throw new IllegalArgumentException("the frame is too short for its count, " + count);
        }
        return count;
    }

    private String string() {
        byte[] utf8 = taken(Short.toUnsignedInt(in.getShort()));
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private byte @Nullable [] bytes() {
        int length = in.getInt();
        if (length < -1) {
            throw new IllegalArgumentException("a length must be at least -1, not " + length);
        }
        return length < 0 ? null : taken(length);
    }

    private byte[] taken(int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private void end() {
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes follow the frame");
        }
    }
}
