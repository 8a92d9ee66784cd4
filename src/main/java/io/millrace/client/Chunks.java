package io.millrace.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a streamed answer, piece by piece. The next piece is requested when the previous one has been read:
 * back-pressure through the network slows down a hub that is faster than the reader. Read by one thread, filled by the
 * JDK's, closed by any.
 */
final class Chunks implements BodySubscriber<Chunks>, AutoCloseable {

    /** A piece, or the end with its cause, if any. */
    private record Piece(
            @Nullable List<ByteBuffer> bytes, @Nullable Throwable failure) {}

    private static final Piece END = new Piece(null, null);

    private final HubUrl hub;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
    private volatile boolean closed;

    Chunks(HubUrl hub) {
        this.hub = hub;
    }

    /** The body is available from its first byte on. */
    @Override
    public CompletionStage<Chunks> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription source) {
        subscribed.complete(source);
        source.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        pieces.add(new Piece(bytes, null));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(null, failure));
    }

    @Override
    public void onComplete() {
        pieces.add(END);
    }

    /**
     * The next piece; null at the end, also after {@link #close}.
     *
     * @throws NoAnswerException if none comes in time, in which case the call may be repeated, or if the connection
     *     breaks
     */
    @Nullable
    List<ByteBuffer> next(Duration patience) throws NoAnswerException, InterruptedException {
        Piece piece = pieces.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (closed) {
            return null;
        }
        if (piece == null) {
            throw NoAnswerException.of(hub, new HttpTimeoutException("silent for " + patience.toMillis() + " ms"));
        }
        List<ByteBuffer> bytes = piece.bytes();
        if (bytes == null) {
            pieces.add(piece);
            Throwable failure = piece.failure();
            if (failure != null) {
                throw NoAnswerException.of(
                        hub, failure instanceof IOException known ? known : new IOException(failure));
            }
            return null;
        }
        subscribed.join().request(1);
        return bytes;
    }

    /** The whole of a short body. */
    byte[] all(Duration patience) throws NoAnswerException, InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (List<ByteBuffer> some = next(patience); some != null; some = next(patience)) {
            for (ByteBuffer part : some) {
                byte[] bytes = new byte[part.remaining()];
                part.get(bytes);
                all.writeBytes(bytes);
            }
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        closed = true;
        pieces.add(END);
        subscribed.thenAccept(Flow.Subscription::cancel);
    }
}
