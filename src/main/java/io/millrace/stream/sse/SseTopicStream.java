package io.millrace.stream.sse;

import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.PartitionReader;
import io.millrace.fetch.Subscription;
import io.millrace.json.JsonBuffer;
import io.millrace.stream.StreamServices;
import io.millrace.stream.WholeTopics;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One topic, or some partitions of it, for a reader who keeps the position. */
final class SseTopicStream extends SseStream {

    /** Only a bound; whatever happens ends the wait. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final StreamServices services;
    private final PartitionReader reader;
    private final SseTopicRequest request;
    private final WholeTopics whole;
    private @Nullable SseEvents events;

    SseTopicStream(StreamServices services, PartitionReader reader, SseTopicRequest request, Channel channel) {
        super(services, channel);
        this.services = services;
        this.reader = reader;
        this.request = request;
        this.whole = new WholeTopics(services.subscriptions(), services.catalogue());
    }

    @Override
    void begin(Subscription subscription, JsonBuffer out) {
        SseOpening opening = new SseOpening(services, reader, request, subscription, whole);
        Map<TopicPartition, Long> positions = opening.follow();
        SseEvents begun = new SseEvents(opening.topic().name(), opening.topic().id());
        begun.follow(opening.topic().partitionCount(), subscription.epochs(), positions);
        begun.assigned(out, positions);
        String gap = opening.gap();
        if (gap != null) {
            begun.reset(out, gap, positions, true);
        }
        events = begun;
    }

    /** Each event has the whole cursor. */
    @Override
    int eventOverhead() {
        return super.eventOverhead() + events().cursorLength();
    }

    @Override
    boolean stale() {
        return whole.mayHaveGrown();
    }

    @Override
    boolean refresh(Subscription subscription, JsonBuffer out) {
        if (!whole.mayHaveGrown()) {
            return true;
        }
        Map<TopicPartition, Long> added = whole.followAdded(subscription);
        if (!added.isEmpty()) {
            int last = added.keySet().stream()
                    .mapToInt(TopicPartition::partition)
                    .max()
                    .orElseThrow();
            events().follow(last + 1, subscription.epochs(), added);
            events().assigned(out, added);
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
                events().epochs(subscription.epochs());
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
            events().moved(reset.partition().partition(), reset.nextOffset());
        }
        events().reset(out, SseEvents.reason(reset), Map.of(reset.partition(), reset.nextOffset()), goOn);
        return goOn;
    }

    @Override
    boolean mayEnd() {
        return true; // the client keeps the position
    }

    @Override
    void end() {
        // The subscription is closed by whoever opened it.
    }

    private SseEvents events() {
        SseEvents begun = events;
        if (begun == null) {
            throw new IllegalStateException("the stream has not begun");
        }
        return begun;
    }
}
