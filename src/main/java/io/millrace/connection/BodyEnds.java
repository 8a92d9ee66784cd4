package io.millrace.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/**
 * Marks where chunked bodies end. Reactor Netty completes them alike whether the last chunk has arrived, the framing is
 * broken, or the connection was closed before anything subscribed. So a buffer of its own, {@link #MARK}, announces the
 * last chunk in the same queue as the data: a reader that is completed without it has read only a part.
 *
 * <p>A body with broken framing ends without the mark, so its reader refuses it like any bad body, and the connection
 * is closed after that answer: what follows cannot be told from the rest of the body.
 */
@Component
class BodyEnds implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    /** Follows the last chunk. Recognised by identity; to other code it is an empty buffer. */
    static final ByteBuf MARK = Unpooled.unreleasableBuffer(Unpooled.buffer(0, 0));

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((_, channel, _) -> {
            if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
                channel.pipeline().addAfter(NettyPipeline.HttpCodec, "millrace.bodyEnds", new Handler());
            }
        }));
    }

    /** One per connection, on its event loop. */
    private static final class Handler extends ChannelDuplexHandler {

        private boolean chunked;
        private boolean broken;
        private boolean informational;

        /** Requests that were received and are not answered yet: with pipelining there may be several. */
        private int open;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                open++;
                chunked = request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
                if (chunked && !isChunkedAlone(request)) {
                    request.setDecoderResult(DecoderResult.failure(
                            new IllegalArgumentException("the only transfer coding is chunked, in HTTP/1.1")));
                }
            } else if (message instanceof LastHttpContent last) {
                if (last.decoderResult().isFailure()) {
                    endBroken(context, last);
                    return;
                }
                if (chunked) {
                    context.fireChannelRead(new DefaultHttpContent(MARK));
                }
            }
            context.fireChannelRead(message);
        }

        /** RFC 9112, 6.1: other codings would be stored undecoded, and HTTP/1.0 has none. */
        private static boolean isChunkedAlone(HttpRequest request) {
            HttpHeaders headers = request.headers();
            return request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0
                    && headers.getAll(HttpHeaderNames.TRANSFER_ENCODING).size() == 1
                    && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                            headers.get(HttpHeaderNames.TRANSFER_ENCODING).strip());
        }

        private void endBroken(ChannelHandlerContext context, LastHttpContent last) {
            last.release();
            broken = true;
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
            if (open == 0) {
                context.close();
            }
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof HttpResponse response) {
                if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                    context.write(message, promise);
                    context.pipeline().remove(this); // no longer HTTP
                    return;
                }
                informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
                if (broken && open == 1 && !informational) {
                    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                }
            }
            if (message instanceof LastHttpContent && !informational) {
                open--;
                if (broken && open == 0) {
                    context.write(message, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
                    return;
                }
            }
            context.write(message, promise);
        }
    }
}
