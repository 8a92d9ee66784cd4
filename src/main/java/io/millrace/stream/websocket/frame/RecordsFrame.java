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

    /** The frame in memory that the socket can be written from; the one time that records are copied. */
    WebSocketFrame encode(ByteBufAllocator allocator);

    /**
     * Bytes of the frame.
     *
     * @param batch whose records they are, all of them: they are the same in every frame of the form; else null
     */
    record Piece(
            byte[] array, int offset, int length, @Nullable RecordBatch batch) {}

    /** What the frame consists of, for who does not copy it as it is. */
    List<Piece> pieces();

    /** A frame of this kind with other content. */
    WebSocketFrame frame(int rsv, ByteBuf content);
}
