package io.millrace.stream.websocket;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** Records on their way to a WebSocket client, in the form of its subprotocol. */
interface RecordsFrame {

    /** Bytes of the whole frame. */
    int size();

    /** The frame in memory that the socket can be written from; the one time that records are copied. */
    WebSocketFrame encode(ByteBufAllocator allocator);
}
