package io.millrace.bench.format;

import io.millrace.bench.content.RecordShape;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * How {@link Subprotocol#BINARY} writes. Integers are big-endian; a text is its length in two bytes and its UTF-8;
 * bytes are their length in four, {@link #NULL} if there are none, and themselves. A frame begins with what it is.
 */
final class BinaryFrames {

    static final byte PRODUCE = 1;
    static final byte PRODUCED = 2;
    static final byte RECORDS = 3;

    /** The length of bytes that are not there. */
    static final int NULL = -1;

    /** A record whose value is JSON, and its key a text. */
    private static final byte JSON_VALUE = 0;

    private static final int ANY_PARTITION = -1;
    private static final long TIME_OF_APPEND = -1;

    private BinaryFrames() {}

    /** A frame that stores records with the keys and values of the bench, and without headers. */
    static RequestFormat request(RecordShape shape, String topic, String acks, int records) {
        ByteBuf opening = Unpooled.buffer().writeByte(PRODUCE).writeByte(Byte.parseByte(acks));
        text(opening, "0".repeat(RequestFormat.REF_DIGITS));
        int refAt = opening.writerIndex() - RequestFormat.REF_DIGITS;
        text(opening, topic).writeInt(records);
        ByteBuf beforeKey = Unpooled.buffer()
                .writeInt(ANY_PARTITION)
                .writeLong(TIME_OF_APPEND)
                .writeByte(JSON_VALUE)
                .writeInt(shape.keyed() ? shape.keyLength() : NULL);
        ByteBuf beforeValue = Unpooled.buffer().writeInt(shape.payload());
        ByteBuf noHeaders = Unpooled.buffer().writeInt(NULL);
        byte[] nothing = {};
        return new RequestFormat(
                bytes(opening), bytes(beforeKey), bytes(beforeValue), bytes(noHeaders), nothing, nothing, refAt);
    }

    /** What all frames with records of a subscription begin with. */
    static byte[] recordsOpening(String subscription, String topic) {
        ByteBuf opening = Unpooled.buffer().writeByte(RECORDS);
        return bytes(text(text(opening, subscription), topic));
    }

    private static ByteBuf text(ByteBuf to, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return to.writeShort(utf8.length).writeBytes(utf8);
    }

    private static byte[] bytes(ByteBuf written) {
        return ByteBufUtil.getBytes(written);
    }
}
