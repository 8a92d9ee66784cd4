package io.millrace.stream.sse;

import io.millrace.budget.Hold;
import io.millrace.budget.Share;
import io.millrace.connection.Connections;
import io.millrace.event.HubException;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.fetch.Subscription;
import io.millrace.http.BodyWriter;
import io.millrace.json.JsonBuffer;
import io.millrace.logging.LimitedLog;
import io.millrace.stream.LiveStream;
import io.millrace.stream.StreamMetrics;
import io.millrace.stream.StreamServices;
import io.millrace.time.Deadline;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events: a thread that makes a chunk of them whenever the last one has been written. A client
 * that does not read keeps one chunk waiting and the thread parked.
 */
abstract class SseStream implements LiveStream, Runnable {

    private static final LimitedLog log = LimitedLog.of(SseStream.class);

    /** How long what has been read is kept for a client that is taking the last chunk. */
    private static final Duration KEPT = Duration.ofMillis(250);

    private static final int EVENT_OVERHEAD_BYTES = 256;

    /** Then less and less often: many streams look at once. */
    private static final Duration FIRST_LOOK = Duration.ofMillis(50);

    private final StreamServices services;
    private final Channel channel;
    private final Share share;

    /** Takes the chunk that is on its way. */
    private final Hold hold;

    private final int chunkBytes;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final SseChunks chunks;
    private Deadline comment;
    private volatile boolean draining;
    private volatile @Nullable Subscription feed;

    SseStream(StreamServices services, Channel channel) {
        this.services = services;
        this.channel = channel;
        this.share = services.shares().of(channel);
        this.hold = share.hold();
        this.chunks = new SseChunks(services.ticker());
        this.comment = services.ticker().in(services.properties().commentInterval());
        this.chunkBytes = (int) services.properties().chunk().toBytes();
    }

    /** Follows what there is to follow, and writes the stream's first events. */
    abstract void begin(Subscription subscription, JsonBuffer out) throws InterruptedException;

    /** Writes what has to be told before more records; false if the stream ends with it. */
    abstract boolean refresh(Subscription subscription, JsonBuffer out) throws InterruptedException;

    /** What an event adds to its record, more or less: so many records make a chunk however small they are. */
    int eventOverhead() {
        return EVENT_OVERHEAD_BYTES;
    }

    /** Whether {@link #refresh} has something to look at. Any thread; does not block. */
    abstract boolean stale();

    /** How long records may be waited for before the next {@link #refresh}. */
    abstract Duration longestWait();

    /** Writes what was delivered; false if the stream ends with it. */
    abstract boolean deliver(Subscription subscription, Delivery delivery, JsonBuffer out) throws InterruptedException;

    /** Whether the stream may end, as the node shuts down: no more is delivered, but the client may have to finish. */
    abstract boolean mayEnd();

    /** The stream has ended, for whatever reason. */
    abstract void end();

    /** Starts the thread; completes once it is known that the stream can begin, or why it cannot. */
    final CompletableFuture<Void> open() {
        Thread.ofVirtual().name("sse").start(this);
        return opened;
    }

    /** Whether the node shuts down. */
    final boolean draining() {
        return draining;
    }

    final SseChunks chunks() {
        return chunks;
    }

    /** The client has gone. */
    final void disconnected() {
        chunks.finish();
        wake();
    }

    @Override
    public final void run() {
        services.metrics().connected(StreamMetrics.Protocol.EVENT_STREAM, 1);
        services.streams().add(this);
        Connections.countWaiting(channel, false);
        try (Subscription subscription = services.reading().open(share)) {
            feed = subscription;
            stream(subscription);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            failed(failure);
        } finally {
            end();
            hold.close();
            Connections.countWaiting(channel, true);
            chunks.finish();
            services.streams().remove(this);
            services.metrics().connected(StreamMetrics.Protocol.EVENT_STREAM, -1);
            if (Connections.stalled(channel)) {
                services.metrics().tooSlow(StreamMetrics.Protocol.EVENT_STREAM);
            }
        }
    }

    private void failed(RuntimeException failure) {
        if (opened.completeExceptionally(failure)) {
            return;
        }
        if (!channel.isActive()) {
            log.departed(failure, "an event stream failed after its client had gone");
            return;
        }
        log.failure(failure, "an event stream ended with a failure");
        JsonBuffer out = new JsonBuffer();
        SseEvents.failed(out, HubException.of(failure, "the stream failed; connect again"));
        chunks.write(out);
    }

    private void stream(Subscription subscription) throws InterruptedException {
        JsonBuffer first = new JsonBuffer();
        SseEvents.retry(first, services.properties().retry());
        begin(subscription, first);
        opened.complete(null);
        boolean more = write(first, 0);
        while (more) {
            more = next(subscription);
        }
    }

    /** Makes and hands over one chunk; false if it was the last. */
    private boolean next(Subscription subscription) throws InterruptedException {
        if (!awaitWanted(subscription)) {
            return false;
        }
        JsonBuffer out = new JsonBuffer();
        if (draining) {
            SseEvents.draining(out);
            if (write(out, 0)) {
                awaitEnd();
            }
            return false;
        }
        boolean goesOn = refresh(subscription, out);
        if (out.length() > 0 || !goesOn) {
            return write(out, 0) && goesOn;
        }
        Duration quiet = comment.left();
        Duration wait = longestWait();
        int records = Math.max(1, chunkBytes / eventOverhead());
        Delivery delivery = subscription.next(records, chunkBytes / 2, quiet.compareTo(wait) < 0 ? quiet : wait);
        if (delivery instanceof Delivery.Nothing) {
            return quiet(out);
        }
        int count = 0;
        if (delivery instanceof Delivery.Records taken) {
            count = taken.records().count();
            if (!awaitMemory(subscription, taken.records())) {
                return !chunks.finished();
            }
        }
        goesOn = deliver(subscription, delivery, out);
        return (out.length() == 0 || write(out, count)) && goesOn;
    }

    /** Waits for the client; if that takes longer, nothing that was read ahead is held meanwhile. */
    private boolean awaitWanted(Subscription subscription) throws InterruptedException {
        subscription.done();
        if (!chunks.awaitWanted(KEPT)) {
            subscription.giveBack();
        }
        if (!chunks.awaitWanted()) {
            return false;
        }
        hold.shrink(hold.bytes());
        return true;
    }

    /**
     * Takes what a chunk will need; false if the client went, or the node began to shut down, before that was to be
     * had. One for whose records memory is held does not wait for more: all might.
     */
    private boolean awaitMemory(Subscription subscription, Fetched records) throws InterruptedException {
        long text = records.byteSize() + (long) eventOverhead() * records.count();
        long bytes = Math.min(BodyWriter.cost(text), hold.largest());
        if (subscription.takenIsHeld()) {
            hold.correct(0, bytes);
            return true;
        }
        while (!hold.grow(bytes, KEPT)) {
            if (chunks.finished() || draining) {
                return false;
            }
            subscription.giveBack();
        }
        return true;
    }

    /** Leaves the other half of the time for ending in order. */
    private void awaitEnd() throws InterruptedException {
        Deadline deadline =
                services.ticker().in(services.properties().drainTimeout().dividedBy(2));
        Duration pause = FIRST_LOOK;
        while (!mayEnd() && !deadline.isOver() && !chunks.awaitFinished(pause)) {
            pause = pause.multipliedBy(2);
        }
    }

    private boolean quiet(JsonBuffer out) throws InterruptedException {
        if (chunks.finished() || !comment.isOver()) {
            return true;
        }
        SseEvents.comment(out);
        return write(out, 0);
    }

    private boolean write(JsonBuffer out, int records) throws InterruptedException {
        if (!chunks.awaitWanted()) {
            return false;
        }
        hold.correct(0, Math.max(0, BodyWriter.cost(out.length()) - hold.bytes()));
        chunks.write(out);
        comment = services.ticker().in(services.properties().commentInterval());
        services.metrics().sent(StreamMetrics.Protocol.EVENT_STREAM, records, out.length());
        return true;
    }

    @Override
    public final void tick(long nowNanos) {
        if (stale()) {
            wake();
        }
    }

    @Override
    public final void drain() {
        draining = true;
        wake();
    }

    @Override
    public final long lag() {
        Subscription followed = feed;
        return followed == null ? 0 : followed.lag();
    }

    private void wake() {
        Subscription followed = feed;
        if (followed != null) {
            followed.wake();
        }
    }
}
