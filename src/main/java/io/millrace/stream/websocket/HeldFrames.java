package io.millrace.stream.websocket;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.util.ReferenceCountUtil;

/** The decoder of frames, which tells after each read what it keeps of a frame that is not whole. */
final class HeldFrames extends WebSocket13FrameDecoder {

    private final WsConnection connection;
    private boolean discarding;

    /** @param extended whether a reserved bit may have a meaning, which is for others to see */
    HeldFrames(WsConnection connection, int longest, boolean extended) {
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
            // What it keeps is freed with the next buffer, and there is none.
            super.channelRead(context, Unpooled.EMPTY_BUFFER);
        }
    }
}
