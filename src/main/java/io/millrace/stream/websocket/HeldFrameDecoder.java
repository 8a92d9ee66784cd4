package io.millrace.stream.websocket;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.util.ReferenceCountUtil;

/** A frame decoder that accounts, after each read, for what it keeps of an incomplete frame. */
final class HeldFrameDecoder extends WebSocket13FrameDecoder {

    private final WsConnection connection;
    private boolean discarding;

    /** @param extended whether to let reserved bits pass, for {@link WsHandler} to check */
    HeldFrameDecoder(WsConnection connection, int longest, boolean extended) {
        super(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(extended)
                .maxFramePayloadLength(longest)
                .build());
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (discarding) {
            ReferenceCountUtil.release(message);
            return;
        }
        super.channelRead(context, message);
        int kept = actualReadableBytes();
        if (!connection.undecoded(kept, internalBuffer().capacity())) {
            discarding = true;
            internalBuffer().skipBytes(kept);
            // The decoder frees what it keeps only with the next buffer: give it an empty one.
            super.channelRead(context, Unpooled.EMPTY_BUFFER);
        }
    }
}
