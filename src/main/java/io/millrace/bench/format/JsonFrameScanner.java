package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * The text frames of {@link Subprotocol#JSON}. Their members come in a fixed order, so that all frames of a
 * subscription begin alike, up to the partition; behind the records is the high watermark, which alone may differ
 * between frames with the same records.
 */
final class JsonFrameScanner implements FrameScanner {

    private static final byte[] AFTER_PARTITION = Asciis.bytes(",\"records\":[{\"offset\":");
    private static final byte[] WATERMARK = Asciis.bytes(",\"high_watermark\":");

    private final byte[] opening;
    private final JsonScanner scanner = new JsonScanner();
    private byte[] frame = {};

    JsonFrameScanner(String subscription, String topic) {
        this.opening = Asciis.bytes(
                "{\"type\":\"records\",\"id\":\"" + subscription + "\",\"topic\":\"" + topic + "\",\"partition\":");
    }

    @Override
    public boolean holdsRecords(ByteBuf buffer, int from, int length) {
        return Asciis.startsWith(buffer, from, length, opening);
    }

    @Override
    public ScannedRecords scan(ByteBuf buffer, int from, int length) {
        if (frame.length < length) {
            frame = new byte[length];
        }
        buffer.getBytes(from, frame, 0, length);
        return scanner.page(frame, 0, length);
    }

    /**
     * By the digits of the partition and of the first offset, and by the length, which tells slices of a batch apart.
     */
    @Override
    public int hash(ByteBuf buffer, int from, int length) {
        int hash = length >>> 4;
        int at = from + opening.length;
        byte digit;
        for (digit = buffer.getByte(at); digit != ','; digit = buffer.getByte(++at)) {
            hash = 31 * hash + digit;
        }
        at += AFTER_PARTITION.length;
        for (digit = buffer.getByte(at); digit != ','; digit = buffer.getByte(++at)) {
            hash = 31 * hash + digit;
        }
        return hash;
    }

    @Override
    public ByteBuffer imprint(ByteBuf buffer, int from, int length) {
        int end = length - 1;
        while (end > 0 && buffer.getByte(from + end) != WATERMARK[0]) {
            end--;
        }
        byte[] compared = new byte[end];
        buffer.getBytes(from, compared);
        return ByteBuffer.wrap(compared);
    }

    @Override
    public boolean matches(ByteBuf buffer, int from, int length, ByteBuffer imprint) {
        int size = imprint.remaining();
        return size < length
                && buffer.internalNioBuffer(from, size).mismatch(imprint) < 0
                && Asciis.startsWith(buffer, from + size, length - size, WATERMARK);
    }
}
