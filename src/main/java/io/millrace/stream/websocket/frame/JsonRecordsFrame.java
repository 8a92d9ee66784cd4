package io.millrace.stream.websocket.frame;

import io.millrace.codec.BatchRendering;
import io.millrace.eventlog.RecordBatch;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.json.JsonBuffer;
import io.millrace.stream.PartitionJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Records as JSON text, assembled from the renderings that all readers of a batch share: only the text around the
 * records is encoded here.
 *
 * @param opening up to and including the bracket before the first record
 * @param closing from the bracket after the last record on
 * @param size bytes of the whole frame
 */
public record JsonRecordsFrame(JsonBuffer opening, Fetched records, JsonBuffer closing, int size)
        implements RecordsFrame {

    private static final Piece COMMA = new Piece(new byte[] {','}, 0, 1, null);

    /** @param epoch at which the partition was assigned to the group member; 0 without a group */
    public static JsonRecordsFrame of(String id, long epoch, Delivery.Records delivery) {
        Fetched records = delivery.records();
        JsonBuffer opening = new JsonBuffer(128);
        opening.literal("{\"type\":\"records\",\"id\":").string(id).ascii(',');
        PartitionJson.partition(opening, delivery.partition());
        if (epoch != 0) {
            opening.literal(",\"epoch\":").number(epoch);
        }
        opening.literal(",\"records\":[");
        JsonBuffer closing = new JsonBuffer(64);
        closing.literal("],\"next_offset\":").number(records.nextOffset());
        closing.literal(",\"high_watermark\":")
                .number(records.bounds().readable())
                .ascii('}');
        int size = opening.length() + closing.length() + records.batches().size() - 1;
        for (RecordBatch batch : records.batches()) {
            size += to(records, batch) - from(records, batch);
        }
        return new JsonRecordsFrame(opening, records, closing, size);
    }

    @Override
    public WebSocketFrame encode(ByteBufAllocator allocator) {
        ByteBuf out = allocator.directBuffer(size, size);
        out.writeBytes(opening.array(), 0, opening.length());
        boolean first = true;
        for (RecordBatch batch : records.batches()) {
            if (!first) {
                out.writeByte(',');
            }
            first = false;
            int from = from(records, batch);
            out.writeBytes(BatchRendering.of(batch).bytes(), from, to(records, batch) - from);
        }
        out.writeBytes(closing.array(), 0, closing.length());
        return new TextWebSocketFrame(out);
    }

    @Override
    public List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece(opening.array(), 0, opening.length(), null));
        boolean first = true;
        for (RecordBatch batch : records.batches()) {
            if (!first) {
                pieces.add(COMMA);
            }
            first = false;
            int from = from(records, batch);
            boolean whole = records.past(batch) - records.first(batch) == batch.count();
            byte[] bytes = BatchRendering.of(batch).bytes();
            pieces.add(new Piece(bytes, from, to(records, batch) - from, whole ? batch : null));
        }
        pieces.add(new Piece(closing.array(), 0, closing.length(), null));
        return pieces;
    }

    @Override
    public WebSocketFrame frame(int rsv, ByteBuf content) {
        return new TextWebSocketFrame(true, rsv, content);
    }

    private static int from(Fetched records, RecordBatch batch) {
        return BatchRendering.of(batch).start(records.first(batch));
    }

    private static int to(Fetched records, RecordBatch batch) {
        return BatchRendering.of(batch).end(records.past(batch) - 1);
    }
}
