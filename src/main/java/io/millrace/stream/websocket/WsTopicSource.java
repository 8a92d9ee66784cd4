package io.millrace.stream.websocket;

import io.millrace.consume.TopicRecords;
import io.millrace.consume.WholeTopics;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Subscription;
import io.millrace.security.StreamRights;
import io.millrace.stream.StreamServices;
import io.millrace.stream.websocket.frame.ClientFrame;
import io.millrace.stream.websocket.frame.ServerFrame;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whole topics, or some partitions of one, as named by the client. */
final class WsTopicSource implements WsSource {

    /** Only a bound: any event wakes the subscription. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final StreamServices services;
    private final WsSubscription client;
    private final ClientFrame.OfSubscription opening;
    private final Subscription subscription;
    private final WholeTopics whole;
    private final StreamRights rights;

    WsTopicSource(
            StreamServices services,
            WsSubscription client,
            ClientFrame.OfSubscription opening,
            Subscription subscription) {
        this.services = services;
        this.client = client;
        this.opening = opening;
        this.subscription = subscription;
        this.whole = services.reading().wholeTopics(client.caller());
        this.rights = services.reading().rights(client.caller(), subscription);
    }

    @Override
    public void open() throws InterruptedException {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        switch (opening) {
            case ClientFrame.SubscribeTopics topics -> {
                for (String name : topics.topics()) {
                    TopicRecords topic = services.reading().require(client.caller(), name);
                    positions.putAll(whole.follow(subscription, topic, _ -> topics.from()));
                }
            }
            case ClientFrame.SubscribePartitions some -> {
                TopicRecords topic = services.reading().require(client.caller(), some.topic());
                Map<Integer, StartPosition> from = new LinkedHashMap<>();
                some.partitions()
                        .forEach(at ->
                                from.put(at.partition().partition(), new StartPosition.AtOffset(at.nextOffset())));
                positions.putAll(topic.follow(subscription, from.keySet(), from::get));
            }
            default -> throw new IllegalStateException("a subscription to topics cannot begin with " + opening);
        }
        client.send(new ServerFrame.Assigned(client.id(), positions));
    }

    @Override
    public boolean stale() {
        return whole.mayHaveGrown() || rights.mayHaveChanged();
    }

    @Override
    public boolean refresh() throws InterruptedException {
        rights.check();
        Map<TopicPartition, Long> added = whole.followAdded(subscription);
        if (!added.isEmpty()) {
            client.send(new ServerFrame.Assigned(client.id(), added));
        }
        return true;
    }

    @Override
    public Duration longestWait() {
        return LONGEST_WAIT;
    }

    @Override
    public boolean mayDeliver(Delivery.Records records) {
        rights.check();
        return true;
    }

    @Override
    public long epoch(TopicPartition partition) {
        return 0;
    }

    @Override
    public void sought(Map<TopicPartition, Long> nextOffsets) throws InterruptedException {
        client.send(new ServerFrame.Assigned(client.id(), nextOffsets));
    }

    @Override
    public void moved(Delivery.Reset reset) {
        // The subscription has moved already.
    }

    @Override
    public boolean removed(TopicPartition partition) {
        whole.removed(partition.topic());
        return opening instanceof ClientFrame.SubscribeTopics
                || !subscription.positions().isEmpty();
    }

    @Override
    public void commit(ClientFrame.Commit frame, @Nullable String ref) {
        throw new HubException(HubError.UNSUPPORTED_FEATURE, "a subscription without a group has nothing to commit");
    }

    @Override
    public void leave() {
        // There is no group to leave.
    }

    @Override
    public void close() {
        // WsSubscription closes the subscription.
    }
}
