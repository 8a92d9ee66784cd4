package io.millrace.web;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.PooledDataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
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
     * The request's body.
     *
     * @return fails with {@link HubError#REQUEST_TOO_LARGE}, {@link HubError#UNSUPPORTED_CONTENT_ENCODING} or
     *     {@link HubError#OVERLOADED}
     */
    public Mono<byte[]> read(ServerHttpRequest request) {
        refuseEncoding(request);
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

    /** @throws HubException {@link HubError#UNSUPPORTED_CONTENT_ENCODING} unless the body is sent as it is */
    public static void refuseEncoding(ServerHttpRequest request) {
        String encoding = request.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new HubException(
                    HubError.UNSUPPORTED_CONTENT_ENCODING, "bodies are taken as they are, without a content encoding");
        }
    }

    private HubException tooLarge() {
        return new HubException(HubError.REQUEST_TOO_LARGE, "a request's body has at most " + maxBytes + " bytes");
    }

    /** One body on its way in; its buffers come one after another. */
    public final class Body implements AutoCloseable {

        private final long declared;
        private byte[] bytes = new byte[0];
        private int length;
        private boolean closed;

        private Body(long declared) {
            this.declared = declared;
        }

        private int take(DataBuffer buffer) {
            try {
                int count = buffer.readableByteCount();
                reserve(count);
                buffer.read(bytes, length, count);
                length += count;
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

        /** All bytes that came. */
        public byte[] whole() {
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
