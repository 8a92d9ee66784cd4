package io.millrace.bench.format;

import io.millrace.bench.content.RecordContent;
import io.millrace.bench.run.BenchException;
import io.millrace.codec.BinaryFrames;
import io.millrace.event.TopicPartition;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the binary frames of {@link Subprotocol#BINARY}. All frames of a subscription have the same bytes up to the
 * partition. Keys, values and headers are skipped by their lengths, so the cost of a record does not depend on its
 * size, and only the send time is copied. Frames with the same records differ only in the high watermark, which
 * precedes the records.
 */
final class BinaryFrameScanner implements FrameScanner {

    // Positions after the opening. The partition is at 0, followed by the group's epoch.
    private static final int NEXT_OFFSET_AT = Integer.BYTES + Long.BYTES;
    private static final int HIGH_WATERMARK_AT = NEXT_OFFSET_AT + Long.BYTES;
    private static final int COUNT_AT = HIGH_WATERMARK_AT + Long.BYTES;
    private static final int RECORDS_AT = COUNT_AT + Integer.BYTES;

    // Positions in a record. The offset is at 0, followed by the timestamp.
    private static final int FORMAT_AT = 2 * Long.BYTES;
    private static final int KEY_AT = FORMAT_AT + Byte.BYTES;

    /** The defined bits of a record's format: two for the value, one for the key. */
    private static final int FORMAT = 0b111;

    /** The length that stands for null. */
    private static final int NULL = -1;

    private static final int VALUE_KIND = 0b011;
    private static final int VALUE_KINDS = 3;

    private final byte[] opening;
    private final byte[] valueStart = new byte[RecordContent.SEND_TIME_END];
    private final ScannedRecords read = new ScannedRecords();

    BinaryFrameScanner(String subscription, String topic) {
        byte[] head = BinaryFrames.recordsOpening(subscription, new TopicPartition(topic, 0), 0, 0, 0, 0);
        this.opening = Arrays.copyOf(head, head.length - RECORDS_AT);
    }

    @Override
    public boolean holdsRecords(ByteBuf frame) {
        return frame.readableBytes() >= opening.length + RECORDS_AT
                && Asciis.startsWith(frame, frame.readerIndex(), opening);
    }

    @Override
    public ScannedRecords scan(ByteBuf frame) {
        int head = frame.readerIndex() + opening.length;
        int end = frame.writerIndex();
        int partition = frame.getInt(head);
        long nextOffset = frame.getLong(head + NEXT_OFFSET_AT);
        int count = frame.getInt(head + COUNT_AT);
        if (partition < 0 || nextOffset < 0 || count < 0) {
            throw new BenchException("the hub sent a frame with partition " + partition + ", next offset " + nextOffset
                    + " and " + count + " records");
        }
        read.clear();
        read.partition(partition);
        read.nextOffset(nextOffset);
        int at = head + RECORDS_AT;
        for (int i = 0; i < count; i++) {
            at = record(frame, at, end);
        }
        if (at != end) {
            throw new BenchException(
                    "the hub sent " + (end - at) + " bytes after the last record of a frame with " + count);
        }
        return read;
    }

    /** Reads a record; returns where it ends. */
    private int record(ByteBuf frame, int at, int end) {
        if (end - at < KEY_AT) {
            throw cutOff();
        }
        byte format = frame.getByte(at + FORMAT_AT);
        if ((format & ~FORMAT) != 0 || (format & VALUE_KIND) >= VALUE_KINDS) {
            throw new BenchException("the hub sent a record of unknown format " + format);
        }
        int value = skip(frame, at + KEY_AT, end);
        int headers = skip(frame, value, end);
        int valueFrom = value + Integer.BYTES;
        int valueBytes = headers - valueFrom;
        int start = Math.min(valueBytes, valueStart.length);
        frame.getBytes(valueFrom, valueStart, 0, start);
        read.add(frame.getLong(at), valueBytes, RecordContent.sendTime(valueStart, 0, start));
        return skip(frame, headers, end);
    }

    /** Skips bytes that are preceded by their length; returns where they end. */
    private static int skip(ByteBuf frame, int at, int end) {
        int from = at + Integer.BYTES;
        if (from > end) {
            throw cutOff();
        }
        int length = frame.getInt(at);
        if (length < NULL) {
            throw new BenchException("the hub sent a length of " + length);
        }
        if (length > end - from) {
            throw cutOff();
        }
        return from + Math.max(length, 0);
    }

    private static BenchException cutOff() {
        return new BenchException("the hub sent a truncated frame");
    }

    @Override
    public int hash(ByteBuf frame) {
        int head = frame.readerIndex() + opening.length;
        return 31 * (31 * frame.readableBytes() + frame.getInt(head))
                + Long.hashCode(frame.getLong(head + NEXT_OFFSET_AT));
    }

    /** The bytes after the high watermark, then those between the opening and the high watermark. */
    @Override
    public ByteBuffer imprint(ByteBuf frame) {
        int head = frame.readerIndex() + opening.length;
        int records = frame.writerIndex() - head - COUNT_AT;
        byte[] compared = new byte[records + HIGH_WATERMARK_AT];
        frame.getBytes(head + COUNT_AT, compared, 0, records);
        frame.getBytes(head, compared, records, HIGH_WATERMARK_AT);
        return ByteBuffer.wrap(compared);
    }

    @Override
    public boolean matches(ByteBuf frame, ByteBuffer imprint) {
        int head = frame.readerIndex() + opening.length;
        int records = imprint.remaining() - HIGH_WATERMARK_AT;
        return frame.writerIndex() - head - COUNT_AT == records
                && frame.getInt(head) == imprint.getInt(records)
                && frame.getLong(head + Integer.BYTES) == imprint.getLong(records + Integer.BYTES)
                && frame.getLong(head + NEXT_OFFSET_AT) == imprint.getLong(records + NEXT_OFFSET_AT)
                && frame.internalNioBuffer(head + COUNT_AT, records).mismatch(imprint) == records;
    }
}
