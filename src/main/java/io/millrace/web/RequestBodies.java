package io.millrace.web;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Violation;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.core.io.buffer.PooledDataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads whole bodies into memory, within bounds: a body that is declared or turns out too long is refused without being
 * read to its end, and so is one that comes while too many bytes of others are held.
 */
@Component
public class RequestBodies {

    /** The part of the heap that bodies may take: for a moment each is there twice, in pieces and whole. */
    private static final int HEAP_SHARE = 8;

    /**
     * More buffers than come, and yet a number: Reactor Netty tells whoever asks for all of them twice that the client
     * has reset the connection, and what is told after the end is logged as an error that was dropped.
     */
    public static final long NOT_ALL_AT_ONCE = Long.MAX_VALUE - 1;

    private final long maxBytes;
    private final long maxHeld;
    private final AtomicLong held = new AtomicLong();

    RequestBodies(LimitsProperties limits) {
        this.maxBytes = limits.maxRequestBytes().toBytes();
        this.maxHeld = Math.min(
                limits.maxConcurrentBodies().toBytes(), Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /**
     * The request's body, from its first byte to its last.
     *
     * @return fails with {@link HubError#REQUEST_TOO_LARGE}, {@link HubError#UNSUPPORTED_CONTENT_ENCODING},
     *     {@link HubError#OVERLOADED}, or {@link HubError#INVALID_REQUEST} if the body does not come to its end
     */
    public Mono<byte[]> read(ServerHttpRequest request) {
        refuseEncoding(request);
        if (isAbsent(request)) {
            return Mono.error(absent());
        }
        long declared = request.getHeaders().getContentLength();
        if (declared > maxBytes) {
            return Mono.error(tooLarge());
        }
        // Buffers end here: then() discards what reaches it, and what writes the answer may have asked for discarded
        // buffers to be released.
        return Mono.using(
                () -> new Body(declared),
                body -> request.getBody()
                        .take(NOT_ALL_AT_ONCE)
                        .doOnDiscard(PooledDataBuffer.class, DataBufferUtils::release)
                        .map(buffer -> body.take(buffer))
                        .then(Mono.fromSupplier(body::whole)),
                false);
    }

    /**
     * A body that is about to come, a buffer after another, to one who reads the connection itself.
     *
     * @param declared the length that the client has announced, or -1
     * @throws HubException {@link HubError#REQUEST_TOO_LARGE}
     */
    public Body open(long declared) {
        if (declared > maxBytes) {
            throw tooLarge();
        }
        return new Body(declared);
    }

    /**
     * The request's body in pieces, which are the caller's. It fails with {@link HubError#INVALID_REQUEST} if it is
     * completed before it has come to its end.
     */
    public static Flux<DataBuffer> stream(ServerHttpRequest request) {
        refuseEncoding(request);
        if (isAbsent(request)) {
            return Flux.error(absent());
        }
        return Flux.defer(() -> {
            BodyEnd end = new BodyEnd(request.getHeaders().getContentLength());
            return request.getBody()
                    .<DataBuffer>handle((buffer, out) -> {
                        if (!end.reachedBy(NettyDataBufferFactory.toByteBuf(buffer))) {
                            out.next(buffer);
                        }
                    })
                    .concatWith(Mono.fromRunnable(end::check));
        });
    }

    /** @throws HubException {@link HubError#UNSUPPORTED_CONTENT_ENCODING} unless the body is sent as it is */
    public static void refuseEncoding(ServerHttpRequest request) {
        String encoding = request.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new HubException(
                    HubError.UNSUPPORTED_CONTENT_ENCODING, "bodies are taken as they are, without a content encoding");
        }
    }

    /** Whether the request has no body, not even an empty one. */
    public static boolean isAbsent(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return headers.getContentLength() < 0 && !headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }

    private static HubException absent() {
        String detail = "the request has no body: it declares no length and is not chunked";
        return new HubException(HubError.INVALID_REQUEST, detail, new Violation("#", "required", detail));
    }

    private HubException tooLarge() {
        return new HubException(HubError.REQUEST_TOO_LARGE, "a request's body has at most " + maxBytes + " bytes");
    }

    /** One body on its way in; its buffers come one after another. */
    public final class Body implements AutoCloseable {

        private final long declared;
        private final BodyEnd end;
        private byte[] bytes = new byte[0];
        private int length;
        private boolean closed;

        private Body(long declared) {
            this.declared = declared;
            this.end = new BodyEnd(declared);
        }

        private int take(DataBuffer buffer) {
            try {
                take(NettyDataBufferFactory.toByteBuf(buffer));
                return length;
            } finally {
                DataBufferUtils.release(buffer);
            }
        }

        /**
         * Takes the bytes of a buffer, which stays the caller's.
         *
         * @throws HubException {@link HubError#REQUEST_TOO_LARGE} or {@link HubError#OVERLOADED}
         */
        public void take(ByteBuf buffer) {
            if (end.reachedBy(buffer)) {
                return;
            }
            int count = buffer.readableBytes();
            reserve(count);
            buffer.readBytes(bytes, length, count);
            length += count;
        }

        private void reserve(int count) {
            long needed = (long) length + count;
            if (needed > maxBytes) {
                throw tooLarge();
            }
            if (needed > bytes.length) {
                grow(capacityFor(needed));
            }
        }

        /** Exact where the body ends as declared; doubling otherwise, however small the pieces are that it comes in. */
        private int capacityFor(long needed) {
            return Math.toIntExact(
                    needed == declared ? needed : Math.min(maxBytes, Math.max(needed, 2L * bytes.length)));
        }

        private void grow(int capacity) {
            int more = capacity - bytes.length;
            if (held.addAndGet(more) > maxHeld) {
                held.addAndGet(-more);
                throw new HubException(HubError.OVERLOADED, "too many bytes of requests are being read");
            }
            bytes = Arrays.copyOf(bytes, capacity);
        }

        /**
         * All bytes, once there are no more to come.
         *
         * @throws HubException {@link HubError#INVALID_REQUEST} if the body has not come to its end
         */
        public byte[] whole() {
            end.check();
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }

        /** The bytes count no longer as held; to be called once there is nothing more to come. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                held.addAndGet(-bytes.length);
            }
        }
    }
}
