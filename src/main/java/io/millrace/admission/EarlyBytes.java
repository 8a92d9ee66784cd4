package io.millrace.admission;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

/**
 * Takes the gate's place on a connection that has become a WebSocket. Data that a client sent after its handshake
 * without waiting for the answer, which RFC 6455 forbids, arrives here as bare bytes. No other handler would read or
 * release them.
 */
final class EarlyBytes extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            boolean some = bytes.isReadable();
            bytes.release();
            if (some) {
                context.writeAndFlush(new CloseWebSocketFrame(
                                WebSocketCloseStatus.PROTOCOL_ERROR, "frames must wait for the end of the handshake"))
                        .addListener(ChannelFutureListener.CLOSE);
            }
        } else {
            context.fireChannelRead(message);
        }
    }
}
