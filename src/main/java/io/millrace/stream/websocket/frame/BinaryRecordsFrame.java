package io.millrace.stream.websocket.frame;

import io.millrace.codec.BinaryFrames;
import io.millrace.codec.BinaryRecords;
import io.millrace.eventlog.RecordBatch;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Records in binary, written from the stored columns as they are.
 *
 * @param opening the bytes before the first record
 * @param size bytes of the whole frame
 */
public record BinaryRecordsFrame(byte[] opening, Fetched records, int size) implements RecordsFrame {

    /** @param epoch at which the partition was assigned to the group member; 0 without a group */
    public static BinaryRecordsFrame of(String id, long epoch, Delivery.Records delivery) {
        Fetched records = delivery.records();
        byte[] opening = BinaryFrames.recordsOpening(
                id,
                delivery.partition(),
                epoch,
                records.nextOffset(),
                records.bounds().readable(),
                records.count());
        int size = opening.length;
        for (RecordBatch batch : records.batches()) {
            size += BinaryRecords.size(batch, records.first(batch), records.past(batch));
        }
        return new BinaryRecordsFrame(opening, records, size);
    }

    @Override
    public WebSocketFrame encode(ByteBufAllocator allocator) {
        ByteBuf frame = allocator.directBuffer(size, size);
        ByteBuffer out = frame.nioBuffer(0, size).put(opening);
        for (RecordBatch batch : records.batches()) {
            BinaryRecords.write(out, batch, records.first(batch), records.past(batch));
        }
        return new BinaryWebSocketFrame(frame.writerIndex(size));
    }

    @Override
    public List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece(opening, 0, opening.length, null));
        for (RecordBatch batch : records.batches()) {
            int first = records.first(batch);
            int past = records.past(batch);
            byte[] bytes = new byte[BinaryRecords.size(batch, first, past)];
            BinaryRecords.write(ByteBuffer.wrap(bytes), batch, first, past);
            pieces.add(new Piece(bytes, 0, bytes.length, past - first == batch.count() ? batch : null));
        }
        return pieces;
    }

    @Override
    public WebSocketFrame frame(int rsv, ByteBuf content) {
        return new BinaryWebSocketFrame(true, rsv, content);
    }
}
