package io.millrace.http;

import io.millrace.connection.Connections;
import io.millrace.json.JsonBuffer;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Writes an answer's body at the pace of its client: a piece goes to the socket when the socket has taken the previous
 * one, and a chunk counts as written when the socket has taken its last piece. So a client that does not read costs one
 * piece off the heap, and what the caller holds on the heap.
 *
 * <p>Reactor Netty's operators take up to 128 elements of a body in advance, even if the socket takes none. This class
 * writes to the channel as they do, and leaves the head and the end of the answer to them.
 */
public final class BodyWriter {

    /** Fills a socket's buffer in a few writes, yet costs little when a client stops reading. */
    private static final int PIECE_BYTES = 128 * 1024;

    private final Channel channel;

    private BodyWriter(Channel channel) {
        this.channel = channel;
    }

    /** The memory that a text takes while it is written: itself, and a copy of the piece that waits for the socket. */
    public static long cost(long length) {
        return length + Math.min(length, PIECE_BYTES);
    }

    /** Writes the head as it has been set. The answer ends when its publisher completes. */
    public static Mono<BodyWriter> begin(ServerHttpResponse response) {
        HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
        return response.setComplete()
                .then(Mono.defer(() -> server.sendHeaders().then()))
                .then(Mono.fromSupplier(() -> new BodyWriter(Connections.of(response))));
    }

    /** Writes one text as the body, with its length in the head; at once if it is a single piece. */
    public static Mono<Void> whole(ServerHttpResponse response, JsonBuffer text) {
        response.getHeaders().setContentLength(text.length());
        if (text.length() <= PIECE_BYTES) {
            ByteBuffer bytes = ByteBuffer.wrap(text.array(), 0, text.length());
            return response.writeWith(Mono.just(response.bufferFactory().wrap(bytes)));
        }
        return begin(response).flatMap(body -> body.write(text));
    }

    /** Writes one chunk, which must not change until it is written; one at a time. */
    public Mono<Void> write(JsonBuffer chunk) {
        return Mono.create(sink -> channel.eventLoop().execute(() -> new Chunk(chunk, sink).writeNext()));
    }

    /** One chunk that is being written; used on the event loop. */
    private final class Chunk {

        private final JsonBuffer bytes;
        private final MonoSink<Void> sink;
        private int written;

        Chunk(JsonBuffer bytes, MonoSink<Void> sink) {
            this.bytes = bytes;
            this.sink = sink;
        }

        void writeNext() {
            while (written < bytes.length()) {
                int count = Math.min(PIECE_BYTES, bytes.length() - written);
                ChannelFuture piece = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes.array(), written, count));
                written += count;
                if (!piece.isSuccess()) {
                    piece.addListener(taken -> {
                        if (taken.isSuccess()) {
                            writeNext();
                        } else {
                            failed(taken.cause());
                        }
                    });
                    return;
                }
            }
            sink.success();
        }

        private void failed(Throwable cause) {
            sink.error(cause instanceof ClosedChannelException ? new AbortedException(cause) : cause);
        }
    }
}
