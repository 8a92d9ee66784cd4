package io.millrace.http;

import io.millrace.budget.HeldBytes;
import io.millrace.budget.Hold;
import io.millrace.connection.BodyEnd;
import io.millrace.connection.Connections;
import io.millrace.connection.RequestPace;
import io.millrace.connection.Shares;
import io.millrace.connection.Unfinished;
import io.millrace.edge.LimitsProperties;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import io.millrace.event.Place;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
 * Reads whole bodies into memory, within bounds: a body that is declared or turns out to be too long is refused without
 * being read to its end, and so is one that its connection's share of memory cannot hold.
 */
@Component
public class RequestBodies {

    /**
     * Effectively unbounded, but not {@code Long.MAX_VALUE}: with unbounded demand Reactor Netty signals a reset twice,
     * and the second signal is logged as a dropped error.
     */
    public static final long NOT_ALL_AT_ONCE = Long.MAX_VALUE - 1;

    /** A call's parsed body is held until the call ends, too: up to this many bytes for each byte of the body. */
    private static final int PARSED_PER_BYTE = 3;

    private final int maxBytes;
    private final Shares shares;

    RequestBodies(LimitsProperties limits, Shares shares) {
        this.maxBytes = limits.requestBytes();
        this.shares = shares;
    }

    /**
     * The request's complete body. It counts as held until it has been handed on: callers that keep it longer have it
     * counted elsewhere, such as in a lane's queue.
     *
     * @throws HubException {@link HubError#UNSUPPORTED_MEDIA_TYPE}, {@link HubError#UNSUPPORTED_CONTENT_ENCODING}
     * @return fails with {@link HubError#REQUEST_TOO_LARGE} or {@link HubError#OVERLOADED}, or with
     *     {@link HubError#INVALID_REQUEST} if the body is incomplete
     */
    public Mono<byte[]> read(ServerHttpRequest request, BodyTypes types) {
        types.check(request);
        refuseEncoding(request);
        if (isAbsent(request)) {
            return Mono.error(absent());
        }
        // No buffer gets past this: then() discards what reaches it, and the writer of the answer may have asked for
        // discarded buffers to be released.
        return Mono.using(() -> open(request), body -> body.all(request), false);
    }

    /**
     * Reads the request's body and runs the call made from it, which may block, off the event loop. The body counts as
     * held until the call has ended, even if the client has gone.
     *
     * @param prepare makes the call from the body, on the event loop
     * @return fails as {@link #read} does, and with what {@code prepare} and the call throw
     */
    public <T> Mono<T> call(ServerHttpRequest request, BodyTypes types, Function<byte[], Callable<T>> prepare) {
        return Mono.defer(() -> {
            types.check(request);
            refuseEncoding(request);
            if (isAbsent(request)) {
                return Mono.error(absent());
            }
            Body body = open(request);
            return Blocking.holding(body, body.all(request).map(bytes -> {
                body.holdMore((long) PARSED_PER_BYTE * bytes.length);
                return prepare.apply(bytes);
            }));
        });
    }

    /** A further hold of the request's connection; the caller closes it. */
    public Hold hold(ServerHttpRequest request) {
        return shares.of(Connections.of(request)).hold();
    }

    private Body open(ServerHttpRequest request) {
        return open(Connections.of(request), request.getHeaders().getContentLength());
    }

    /**
     * As {@link #read}, for a request that needs no body: without one, or with an empty one, it needs no type either.
     */
    public Mono<byte[]> readIfThere(ServerHttpRequest request, BodyTypes types) {
        boolean none = isAbsent(request) || request.getHeaders().getContentLength() == 0;
        return none ? Mono.just(new byte[0]) : read(request, types);
    }

    /**
     * A body that is about to arrive, buffer by buffer, for callers that read the connection themselves.
     *
     * @param connection takes the memory from its share
     * @param declared the length that the client has declared, or -1
     * @throws HubException {@link HubError#REQUEST_TOO_LARGE}
     */
    public Body open(Channel connection, long declared) {
        if (declared > maxBytes) {
            throw tooLarge();
        }
        return new Body(shares.of(connection).hold(), declared);
    }

    /**
     * The request's body in pieces, which the caller releases. It may take any time, unlike an element that has begun
     * in it. It fails with {@link HubError#INVALID_REQUEST} if it is incomplete.
     *
     * @param unfinished tells of that element
     * @throws HubException {@link HubError#UNSUPPORTED_MEDIA_TYPE}, {@link HubError#UNSUPPORTED_CONTENT_ENCODING}
     */
    public static Flux<DataBuffer> stream(ServerHttpRequest request, BodyTypes types, Unfinished unfinished) {
        types.check(request);
        refuseEncoding(request);
        if (isAbsent(request)) {
            return Flux.error(absent());
        }
        return Flux.defer(() -> {
            RequestPace.stream(Connections.of(request), unfinished);
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

    /** @throws HubException {@link HubError#UNSUPPORTED_CONTENT_ENCODING} if the body has a content encoding */
    public static void refuseEncoding(ServerHttpRequest request) {
        String encoding = request.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new HubException(HubError.UNSUPPORTED_CONTENT_ENCODING, "bodies must not have a content encoding");
        }
    }

    /** Whether the request has no body, not even an empty one. */
    private static boolean isAbsent(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return headers.getContentLength() < 0 && !headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }

    private static HubException absent() {
        String detail = "the request has no body: it declares no length and is not chunked";
        return new HubException(HubError.INVALID_REQUEST, Place.WHOLE, "required", detail);
    }

    private HubException tooLarge() {
        return new HubException(HubError.REQUEST_TOO_LARGE, "a request's body may have at most " + maxBytes + " bytes");
    }

    /** One body that is being received, buffer by buffer. */
    public final class Body implements AutoCloseable {

        private final Hold hold;
        private final BodyEnd end;
        private final HeldBytes bytes;

        private Body(Hold hold, long declared) {
            this.hold = hold;
            this.end = new BodyEnd(declared);
            this.bytes = declared < 0 ? new HeldBytes(hold, maxBytes) : HeldBytes.expecting(hold, (int) declared);
        }

        private Mono<byte[]> all(ServerHttpRequest request) {
            return request.getBody()
                    .take(NOT_ALL_AT_ONCE)
                    .doOnDiscard(PooledDataBuffer.class, DataBufferUtils::release)
                    .map(this::take)
                    .then(Mono.fromSupplier(this::whole));
        }

        private int take(DataBuffer buffer) {
            try {
                take(NettyDataBufferFactory.toByteBuf(buffer));
                return bytes.length();
            } finally {
                DataBufferUtils.release(buffer);
            }
        }

        /**
         * Takes the bytes of a buffer, which the caller still owns.
         *
         * @throws HubException {@link HubError#REQUEST_TOO_LARGE} or {@link HubError#OVERLOADED}
         */
        public void take(ByteBuf buffer) {
            if (end.reachedBy(buffer)) {
                return;
            }
            int count = buffer.readableBytes();
            if ((long) bytes.length() + count > maxBytes) {
                throw tooLarge();
            }
            if (!bytes.reserve(count)) {
                throw NoMemory.refusal();
            }
            buffer.readBytes(bytes.array(), bytes.length(), count);
            bytes.added(count);
        }

        /**
         * All bytes, once the body has ended.
         *
         * @throws HubException {@link HubError#INVALID_REQUEST} if the body is incomplete, or
         *     {@link HubError#OVERLOADED}
         */
        public byte[] whole() {
            end.check();
            byte[] whole = bytes.whole();
            if (whole == null) {
                throw NoMemory.refusal();
            }
            return whole;
        }

        private void holdMore(long more) {
            if (!hold.grow(more)) {
                throw NoMemory.refusal();
            }
        }

        /** The bytes no longer count as held. To be called once nothing more arrives. */
        @Override
        public void close() {
            bytes.close();
        }
    }
}
