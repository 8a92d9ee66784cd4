package io.millrace.stream.sse;

import io.millrace.consume.WholeTopics;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Subscription;
import io.millrace.json.JsonBuffer;
import io.millrace.security.Caller;
import io.millrace.security.StreamRights;
import io.millrace.stream.StreamServices;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One topic, or some partitions of it, for a client that keeps the position itself. */
final class SseTopicStream extends SseStream {

    /** Only a bound: any event wakes the subscription. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Logger log = LoggerFactory.getLogger(SseTopicStream.class);

    private final StreamServices services;
    private final SseTopicRequest request;
    private final WholeTopics whole;
    private @Nullable SseEvents events;
    private @Nullable StreamPosition position;
    private volatile @Nullable StreamRights rights;

    SseTopicStream(StreamServices services, Caller caller, SseTopicRequest request, Channel channel) {
        super(services, caller, channel);
        this.services = services;
        this.request = request;
        this.whole = services.reading().wholeTopics(caller());
    }

    @Override
    void begin(Subscription subscription, JsonBuffer out) {
        SseOpening opening = new SseOpening(services, caller(), request, subscription, whole);
        StreamRights granted = services.reading().rights(caller(), subscription);
        rights = granted;
        Map<TopicPartition, Long> positions = opening.follow();
        StreamPosition from =
                new StreamPosition(opening.topic().name(), opening.topic().id(), services.bases(), services.ticker());
        from.follow(opening.topic().partitionCount(), subscription.epochs(), positions);
        from.use(opening.base());
        from.settle();
        SseEvents begun = new SseEvents(opening.topic().name(), from);
        begun.assigned(out, positions);
        String gap = opening.gap();
        if (gap != null) {
            begun.reset(out, gap, positions, true);
        }
        events = begun;
        position = from;
    }

    /** Each event has a cursor. */
    @Override
    int eventOverhead() {
        return super.eventOverhead() + events().cursorLength();
    }

    @Override
    boolean stale() {
        StreamRights granted = rights;
        return whole.mayHaveGrown() || granted != null && granted.mayHaveChanged();
    }

    @Override
    boolean refresh(Subscription subscription, JsonBuffer out) throws InterruptedException {
        rights().check();
        if (!settled()) {
            return true;
        }
        if (!whole.mayHaveGrown()) {
            return true;
        }
        Map<TopicPartition, Long> added = whole.followAdded(subscription);
        if (!added.isEmpty()) {
            int last = added.keySet().stream()
                    .mapToInt(TopicPartition::partition)
                    .max()
                    .orElseThrow();
            position().follow(last + 1, subscription.epochs(), added);
            if (settled()) {
                events().assigned(out, added);
            }
        }
        return true;
    }

    @Override
    Duration longestWait() {
        return LONGEST_WAIT;
    }

    @Override
    boolean deliver(Subscription subscription, Delivery delivery, JsonBuffer out) {
        switch (delivery) {
            case Delivery.Nothing nothing -> {}
            case Delivery.Records taken -> {
                rights().check();
                position().epochs(subscription.epochs());
                events().records(out, taken.partition().partition(), taken.records());
            }
            case Delivery.Reset reset -> {
                return reset(reset, out);
            }
            case Delivery.Removed removed -> {
                events().revoked(out);
                return false;
            }
        }
        return true;
    }

    private boolean reset(Delivery.Reset reset, JsonBuffer out) {
        boolean goOn = !request.failOnGap();
        if (goOn) {
            position().moved(reset.partition().partition(), reset.nextOffset());
        }
        events().reset(out, reset, goOn);
        return goOn;
    }

    @Override
    boolean mayEnd() {
        return true; // the client keeps the position
    }

    @Override
    void end() {
        // SseStream closes the subscription.
    }

    /** Waits until cursors are short; false if the stream is to end. */
    private boolean settled() throws InterruptedException {
        while (true) {
            try {
                position().settle();
                return true;
            } catch (HubException failure) {
                if (!failure.error().retryable()) {
                    throw failure;
                }
                log.debug("a stream waits to store its position", failure);
            }
            if (draining() || chunks().awaitFinished(RETRY)) {
                return false;
            }
        }
    }

    private StreamPosition position() {
        StreamPosition begun = position;
        if (begun == null) {
            throw new IllegalStateException("the stream has not begun");
        }
        return begun;
    }

    private StreamRights rights() {
        StreamRights granted = rights;
        if (granted == null) {
            throw new IllegalStateException("the stream has not begun");
        }
        return granted;
    }

    private SseEvents events() {
        SseEvents begun = events;
        if (begun == null) {
            throw new IllegalStateException("the stream has not begun");
        }
        return begun;
    }
}
