package io.millrace.admission;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

/**
 * Stands where the HTTP codec was, on a connection that has become a WebSocket. What a client has sent behind its
 * handshake without waiting for the answer, which RFC 6455 forbids, comes from there as bare bytes. Nobody would ever
 * read or release them.
 */
final class EarlyBytes extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            boolean some = bytes.isReadable();
            bytes.release();
            if (some) {
                context.writeAndFlush(new CloseWebSocketFrame(
                                WebSocketCloseStatus.PROTOCOL_ERROR, "frames come after the handshake"))
                        .addListener(ChannelFutureListener.CLOSE);
            }
        } else {
            context.fireChannelRead(message);
        }
    }
}
