package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;

/**
 * Reads the text frames of {@link Subprotocol#JSON}. Their fields come in a fixed order, so all frames of a
 * subscription have the same bytes up to the partition. Frames with the same records differ only in the high watermark,
 * which follows the records.
 */
final class JsonFrameScanner implements FrameScanner {

    private static final byte[] AFTER_PARTITION = Asciis.bytes(",\"records\":[{\"offset\":");
    private static final byte[] WATERMARK = Asciis.bytes(",\"high_watermark\":");

    private final byte[] opening;
    private final JsonRecords scanner = new JsonRecords();
    private byte[] copy = {};

    JsonFrameScanner(String subscription, String topic) {
        this.opening = Asciis.bytes(
                "{\"type\":\"records\",\"id\":\"" + subscription + "\",\"topic\":\"" + topic + "\",\"partition\":");
    }

    @Override
    public boolean holdsRecords(ByteBuf frame) {
        return Asciis.startsWith(frame, frame.readerIndex(), opening);
    }

    @Override
    public ScannedRecords scan(ByteBuf frame) {
        int length = frame.readableBytes();
        if (copy.length < length) {
            copy = new byte[length];
        }
        frame.getBytes(frame.readerIndex(), copy, 0, length);
        return scanner.page(copy, 0, length);
    }

    /**
     * From the digits of the partition and of the first offset, and from the length, which distinguishes slices of a
     * batch.
     */
    @Override
    public int hash(ByteBuf frame) {
        int hash = frame.readableBytes() >>> 4;
        int at = frame.readerIndex() + opening.length;
        byte digit;
        for (digit = frame.getByte(at); digit != ','; digit = frame.getByte(++at)) {
            hash = 31 * hash + digit;
        }
        at += AFTER_PARTITION.length;
        for (digit = frame.getByte(at); digit != ','; digit = frame.getByte(++at)) {
            hash = 31 * hash + digit;
        }
        return hash;
    }

    @Override
    public ByteBuffer imprint(ByteBuf frame) {
        int from = frame.readerIndex();
        int end = frame.writerIndex() - 1;
        while (end > from && frame.getByte(end) != WATERMARK[0]) {
            end--;
        }
        return ByteBuffer.wrap(ByteBufUtil.getBytes(frame, from, end - from));
    }

    @Override
    public boolean matches(ByteBuf frame, ByteBuffer imprint) {
        int from = frame.readerIndex();
        int size = imprint.remaining();
        return size < frame.readableBytes()
                && frame.internalNioBuffer(from, size).mismatch(imprint) < 0
                && Asciis.startsWith(frame, from + size, WATERMARK);
    }
}
