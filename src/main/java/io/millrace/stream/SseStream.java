package io.millrace.stream;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.PartitionReader;
import io.millrace.fetch.Subscription;
import io.millrace.json.JsonBuffer;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of server-sent events: a thread that makes a chunk of them whenever the last one has been written. A client
 * that does not read keeps one chunk waiting and the thread parked.
 */
final class SseStream implements LiveStream, Runnable {

    private static final Logger log = LoggerFactory.getLogger(SseStream.class);

    /** What an event adds to its record, more or less: so many records make a chunk however small they are. */
    private static final int EVENT_OVERHEAD_BYTES = 256;

    private final WsServices services;
    private final PartitionReader reader;
    private final SseRequest request;
    private final Channel channel;
    private final WholeTopics whole;
    private final int chunkBytes;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final SseChunks chunks = new SseChunks();
    private volatile boolean draining;
    private volatile boolean grown;
    private volatile @Nullable Subscription feed;

    SseStream(WsServices services, PartitionReader reader, SseRequest request, Channel channel) {
        this.services = services;
        this.reader = reader;
        this.request = request;
        this.channel = channel;
        this.whole = new WholeTopics(services.subscriptions(), services.catalogue());
        this.chunkBytes = (int) services.properties().chunk().toBytes();
    }

    /** Starts the thread; completes once it is known that the stream can begin, or why it cannot. */
    CompletableFuture<Void> open() {
        Thread.ofVirtual().name("sse").start(this);
        return opened;
    }

    SseChunks chunks() {
        return chunks;
    }

    /** The client has gone. */
    void disconnected() {
        chunks.finish();
        wake();
    }

    @Override
    public void run() {
        services.metrics().connected(StreamMetrics.Protocol.EVENT_STREAM, 1);
        services.streams().add(this);
        try (Subscription subscription = services.subscriptions().open()) {
            feed = subscription;
            stream(subscription);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            failed(failure);
        } finally {
            chunks.finish();
            services.streams().remove(this);
            services.metrics().connected(StreamMetrics.Protocol.EVENT_STREAM, -1);
        }
    }

    private void failed(RuntimeException failure) {
        if (opened.completeExceptionally(failure)) {
            return;
        }
        if (!channel.isActive()) {
            log.info("an event stream failed after its client had gone: {}", failure.toString());
            log.debug("where it failed", failure);
            return;
        }
        log.warn("an event stream ended with a failure", failure);
        HubException told = failure instanceof HubException known
                ? known
                : new HubException(HubError.INTERNAL, "the stream failed; connect again");
        JsonBuffer out = new JsonBuffer();
        SseEvents.failed(out, told);
        chunks.write(out);
    }

    private void stream(Subscription subscription) throws InterruptedException {
        SseOpening opening = new SseOpening(services, reader, request, subscription, whole);
        Map<TopicPartition, Long> positions = opening.follow();
        SseEvents events = new SseEvents(opening.topic().name(), opening.topic().id());
        events.follow(opening.topic().partitionCount(), subscription.epochs(), positions);
        JsonBuffer first = new JsonBuffer();
        SseEvents.retry(first, services.properties().retry());
        events.assigned(first, positions);
        String gap = opening.gap();
        if (gap != null) {
            events.reset(first, gap, positions, true);
        }
        opened.complete(null);
        boolean more = write(first, 0);
        while (more) {
            more = next(subscription, events);
        }
    }

    /** Makes and hands over one chunk; false if it was the last. */
    private boolean next(Subscription subscription, SseEvents events) throws InterruptedException {
        if (!chunks.awaitWanted()) {
            return false;
        }
        JsonBuffer out = new JsonBuffer();
        if (draining) {
            SseEvents.draining(out);
            write(out, 0);
            return false;
        }
        if (grown) {
            followAdded(subscription, events, out);
            return out.length() == 0 || write(out, 0);
        }
        int records = Math.max(1, chunkBytes / EVENT_OVERHEAD_BYTES);
        Delivery delivery =
                subscription.next(records, chunkBytes / 2, services.properties().commentInterval());
        return switch (delivery) {
            case Delivery.Nothing nothing -> quiet(out);
            case Delivery.Records taken -> {
                events.epochs(subscription.epochs());
                events.records(out, taken.partition().partition(), taken.records());
                yield write(out, taken.records().count());
            }
            case Delivery.Reset reset -> reset(events, reset, out);
            case Delivery.Removed removed -> {
                events.revoked(out);
                write(out, 0);
                yield false;
            }
        };
    }

    private boolean quiet(JsonBuffer out) throws InterruptedException {
        if (draining || grown || chunks.finished()) {
            return true;
        }
        SseEvents.comment(out);
        return write(out, 0);
    }

    private boolean reset(SseEvents events, Delivery.Reset reset, JsonBuffer out) throws InterruptedException {
        boolean goOn = !request.failOnGap();
        if (goOn) {
            events.moved(reset.partition().partition(), reset.nextOffset());
        }
        String reason = reset.nextOffset() > reset.requested() ? "offset_expired" : "offset_beyond_end";
        events.reset(out, reason, Map.of(reset.partition(), reset.nextOffset()), goOn);
        return write(out, 0) && goOn;
    }

    private void followAdded(Subscription subscription, SseEvents events, JsonBuffer out) {
        grown = false;
        Map<TopicPartition, Long> added = whole.followAdded(subscription);
        if (!added.isEmpty()) {
            int last = added.keySet().stream()
                    .mapToInt(TopicPartition::partition)
                    .max()
                    .orElseThrow();
            events.follow(last + 1, subscription.epochs(), added);
            events.assigned(out, added);
        }
    }

    private boolean write(JsonBuffer out, int records) throws InterruptedException {
        if (!chunks.awaitWanted()) {
            return false;
        }
        chunks.write(out);
        services.metrics().sent(StreamMetrics.Protocol.EVENT_STREAM, records, out.length());
        return true;
    }

    @Override
    public void tick(long nowNanos) {
        if (chunks.writingFor(nowNanos) > services.properties().stallTimeout().toNanos()) {
            services.metrics().tooSlow(StreamMetrics.Protocol.EVENT_STREAM);
            channel.close();
        } else if (!grown && whole.mayHaveGrown()) {
            grown = true;
            wake();
        }
    }

    @Override
    public void drain() {
        draining = true;
        wake();
    }

    @Override
    public long lag() {
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
