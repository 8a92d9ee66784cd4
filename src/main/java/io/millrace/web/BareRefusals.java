package io.millrace.web;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.json.JsonBuffer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/**
 * Requests that are no HTTP, or whose path is no path, are refused below Spring, which never sees them: an empty answer
 * on its way out becomes a problem document. It has no {@code instance}, since nothing that could be trusted was asked
 * for.
 */
@Component
class BareRefusals implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit((_, channel, _) -> {
            if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
                channel.pipeline().addAfter(NettyPipeline.HttpCodec, "millrace.bareRefusals", new Handler());
            }
        }));
    }

    private static final class Handler extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof FullHttpResponse bare
                    && !bare.content().isReadable()
                    && !bare.headers().contains(HttpHeaderNames.CONTENT_TYPE)) {
                HubException problem = problem(bare.status());
                if (problem != null) {
                    bare.release();
                    context.write(document(bare, problem), promise);
                    return;
                }
            }
            context.write(message, promise);
        }

        private static @Nullable HubException problem(HttpResponseStatus status) {
            return switch (status.code()) {
                case 400 -> new HubException(HubError.INVALID_REQUEST, "the request line or a header is not valid");
                case 413, 414, 431 ->
                    new HubException(HubError.REQUEST_TOO_LARGE, "the request line or the headers are too long");
                default -> null;
            };
        }

        private static FullHttpResponse document(FullHttpResponse bare, HubException problem) {
            JsonBuffer json = new JsonBuffer(512);
            Problems.write(json, problem, null);
            HttpHeaders headers = bare.headers().copy();
            headers.set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            headers.set(HttpHeaderNames.CONTENT_LENGTH, json.length());
            return new DefaultFullHttpResponse(
                    bare.protocolVersion(),
                    HttpResponseStatus.valueOf(HttpStatuses.of(problem.error())),
                    Unpooled.wrappedBuffer(json.toByteArray()),
                    headers,
                    bare.trailingHeaders());
        }
    }
}
