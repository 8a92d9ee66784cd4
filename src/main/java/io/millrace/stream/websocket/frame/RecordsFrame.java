package io.millrace.stream.websocket.frame;

import io.millrace.eventlog.RecordBatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records on their way to a WebSocket client, in the form of its subprotocol. */
public interface RecordsFrame {

    /** Bytes of the whole frame. */
    int size();

    /** The frame in memory from which the socket can be written; copies the records once. */
    WebSocketFrame encode(ByteBufAllocator allocator);

    /**
     * Bytes of the frame.
     *
     * @param batch if the bytes are all its records, which are the same in every frame of this form; else null
     */
    record Piece(
            byte[] array, int offset, int length, @Nullable RecordBatch batch) {}

    /** The parts of the frame, for callers that transform it. */
    List<Piece> pieces();

    /** A frame of this kind with other content. */
    WebSocketFrame frame(int rsv, ByteBuf content);
}
