package io.millrace.stream.sse;

import io.millrace.consume.AssignmentListener;
import io.millrace.consume.JoinTerms;
import io.millrace.consume.MemberFeed;
import io.millrace.consume.RevokedReason;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Subscription;
import io.millrace.json.JsonBuffer;
import io.millrace.security.Caller;
import io.millrace.stream.StreamServices;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The event stream of a group member. The group keeps the position, so events have no id: a client that reconnects
 * joins again and continues at the committed offsets.
 */
final class SseGroupStream extends SseStream {

    private final StreamServices services;
    private final JoinTerms request;
    private volatile @Nullable MemberFeed feed;

    SseGroupStream(StreamServices services, Caller caller, JoinTerms request, Channel channel) {
        super(services, caller, channel);
        this.services = services;
        this.request = request;
    }

    @Override
    void begin(Subscription subscription, JsonBuffer out) throws InterruptedException {
        MemberFeed begun = services.feeds().feed(caller(), request, subscription);
        begun.join();
        feed = begun;
        begun.sync(new Events(out));
    }

    @Override
    boolean stale() {
        MemberFeed begun = feed;
        return begun != null && begun.mayHaveLostRights(); // changes of the membership wake the subscription
    }

    @Override
    boolean refresh(Subscription subscription, JsonBuffer out) throws InterruptedException {
        boolean goesOn = feed().sync(new Events(out));
        if (!goesOn) {
            SseEvents.failed(out, MemberFeed.replaced());
        }
        return goesOn;
    }

    @Override
    Duration longestWait() {
        return feed().longestWait();
    }

    @Override
    boolean deliver(Subscription subscription, Delivery delivery, JsonBuffer out) throws InterruptedException {
        switch (delivery) {
            case Delivery.Nothing nothing -> {}
            case Delivery.Records taken -> {
                if (feed().mayDeliver(taken)) {
                    SseEvents.records(out, taken, feed().epoch(taken.partition()));
                }
            }
            case Delivery.Reset reset -> {
                feed().moved(reset);
                SseEvents.reset(out, reset);
            }
            case Delivery.Removed removed -> {
                feed().removed(removed.partition());
                SseEvents.revoked(out, List.of(removed.partition()), RevokedReason.TOPIC_DELETED);
            }
        }
        return true;
    }

    /** The membership ends with the stream, and with it the client's right to commit. */
    @Override
    boolean mayEnd() {
        return feed().isCommitted();
    }

    @Override
    void end() {
        MemberFeed begun = feed;
        if (begun != null) {
            begun.close();
        }
    }

    private MemberFeed feed() {
        MemberFeed begun = feed;
        if (begun == null) {
            throw new IllegalStateException("the stream has not begun");
        }
        return begun;
    }

    private record Events(JsonBuffer out) implements AssignmentListener {

        @Override
        public void revoked(List<TopicPartition> partitions, RevokedReason reason) {
            SseEvents.revoked(out, partitions, reason);
        }

        @Override
        public void assigned(String memberId, long epoch, Map<TopicPartition, Long> nextOffsets) {
            SseEvents.assigned(out, memberId, epoch, nextOffsets);
        }
    }
}
