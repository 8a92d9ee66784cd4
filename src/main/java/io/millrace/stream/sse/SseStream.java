package io.millrace.stream.sse;

import io.millrace.budget.Hold;
import io.millrace.budget.Share;
import io.millrace.connection.Connections;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.fetch.Subscription;
import io.millrace.http.BodyWriter;
import io.millrace.json.JsonBuffer;
import io.millrace.logging.LimitedLog;
import io.millrace.security.Caller;
import io.millrace.stream.LiveStream;
import io.millrace.stream.StreamMetrics;
import io.millrace.stream.StreamServices;
import io.millrace.time.Deadline;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events: a thread that makes the next chunk of events when the last one has been written. For
 * a client that does not read, one chunk waits and the thread is parked.
 */
abstract class SseStream implements LiveStream, Runnable {

    private static final LimitedLog log = LimitedLog.of(SseStream.class);

    /** How long records read ahead are held while the client takes the last chunk. */
    private static final Duration HOLD_TIME = Duration.ofMillis(250);

    private static final int EVENT_OVERHEAD_BYTES = 256;

    /** The first pause between checks; each later one is twice as long, as many streams check at once. */
    private static final Duration FIRST_CHECK = Duration.ofMillis(50);

    private final StreamServices services;
    private final Caller caller;
    private final Channel channel;
    private final Share share;

    /** The memory of the chunk that is on its way. */
    private final Hold hold;

    private final int chunkBytes;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final SseChunks chunks;
    private Deadline comment;
    private volatile boolean draining;
    private volatile @Nullable Subscription openSubscription;

    SseStream(StreamServices services, Caller caller, Channel channel) {
        this.services = services;
        this.caller = caller;
        this.channel = channel;
        this.share = services.shares().of(channel);
        this.hold = share.hold();
        this.chunks = new SseChunks(services.ticker());
        this.comment = services.ticker().in(services.properties().commentInterval());
        this.chunkBytes = (int) services.properties().chunk().toBytes();
    }

    final Caller caller() {
        return caller;
    }

    /** Follows the partitions and writes the stream's first events. */
    abstract void begin(Subscription subscription, JsonBuffer out) throws InterruptedException;

    /** Writes control events that are due before more records; false if the stream ends with them. */
    abstract boolean refresh(Subscription subscription, JsonBuffer out) throws InterruptedException;

    /** About how many bytes an event adds to its record; bounds the number of small records in a chunk. */
    int eventOverhead() {
        return EVENT_OVERHEAD_BYTES;
    }

    /** Whether a {@link #refresh} is due. Any thread; does not block. */
    abstract boolean stale();

    /** How long to wait for records before the next {@link #refresh}. */
    abstract Duration longestWait();

    /** Writes a delivery; false if the stream ends with it. */
    abstract boolean deliver(Subscription subscription, Delivery delivery, JsonBuffer out) throws InterruptedException;

    /** Whether the stream may end when the node shuts down: no more is delivered, but the client may still commit. */
    abstract boolean mayEnd();

    /** The stream has ended, for whatever reason. */
    abstract void end();

    /** Starts the thread; completes when the stream has begun, or with the reason why it cannot. */
    final CompletableFuture<Void> open() {
        Thread.ofVirtual().name("sse").start(this);
        return opened;
    }

    /** Whether the node is shutting down. */
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
        try (Subscription subscription = services.reading().open(caller, share)) {
            openSubscription = subscription;
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
        if (!isRefusal(failure)) {
            log.failure(failure, "an event stream ended with a failure");
        }
        JsonBuffer out = new JsonBuffer();
        SseEvents.failed(out, HubException.of(failure, "the stream failed; connect again"));
        chunks.write(out);
    }

    /** Whether the client may no longer have the stream, which is no failure of the hub. */
    private static boolean isRefusal(RuntimeException failure) {
        return failure instanceof HubException refusal
                && (refusal.error() == HubError.UNAUTHENTICATED || refusal.error() == HubError.FORBIDDEN);
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

    /** Makes and writes one chunk; false if it was the last. */
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

    /** Waits for the client; gives back what was read ahead if that takes longer than {@link #HOLD_TIME}. */
    private boolean awaitWanted(Subscription subscription) throws InterruptedException {
        subscription.done();
        if (!chunks.awaitWanted(HOLD_TIME)) {
            subscription.giveBack();
        }
        if (!chunks.awaitWanted()) {
            return false;
        }
        hold.shrink(hold.bytes());
        return true;
    }

    /**
     * Takes the memory of a chunk; false if the client left, or the node began to shut down, before there was enough. A
     * stream that holds memory for the records does not wait for more: streams that did could deadlock.
     */
    private boolean awaitMemory(Subscription subscription, Fetched records) throws InterruptedException {
        long text = records.byteSize() + (long) eventOverhead() * records.count();
        long bytes = Math.min(BodyWriter.cost(text), hold.largest());
        if (subscription.takenIsHeld()) {
            hold.correct(0, bytes);
            return true;
        }
        while (!hold.grow(bytes, HOLD_TIME)) {
            if (chunks.finished() || draining) {
                return false;
            }
            subscription.giveBack();
        }
        return true;
    }

    /** Waits for at most half of the drain timeout; the other half is for ending in order. */
    private void awaitEnd() throws InterruptedException {
        Deadline deadline =
                services.ticker().in(services.properties().drainTimeout().dividedBy(2));
        Duration pause = FIRST_CHECK;
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
        Subscription subscription = openSubscription;
        return subscription == null ? 0 : subscription.lag();
    }

    private void wake() {
        Subscription subscription = openSubscription;
        if (subscription != null) {
            subscription.wake();
        }
    }
}
