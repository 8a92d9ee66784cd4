package io.millrace.stream.websocket;

import io.millrace.consume.AssignmentListener;
import io.millrace.consume.MemberFeed;
import io.millrace.consume.RevokedReason;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Subscription;
import io.millrace.stream.StreamServices;
import io.millrace.stream.websocket.frame.ClientFrame;
import io.millrace.stream.websocket.frame.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The partitions that a group assigns to the client, which is one of its members. */
final class WsGroupSource implements WsSource {

    private final WsSubscription client;
    private final MemberFeed feed;
    private final AssignmentListener listener = new AssignmentListener() {

        @Override
        public void revoked(List<TopicPartition> partitions, RevokedReason reason) throws InterruptedException {
            client.send(new ServerFrame.Revoked(client.id(), partitions, reason));
        }

        @Override
        public void assigned(String memberId, long epoch, Map<TopicPartition, Long> nextOffsets)
                throws InterruptedException {
            client.send(new ServerFrame.Assigned(client.id(), memberId, epoch, nextOffsets));
        }
    };

    WsGroupSource(
            StreamServices services,
            WsSubscription client,
            ClientFrame.SubscribeGroup opening,
            Subscription subscription) {
        this.client = client;
        this.feed = services.feeds().feed(client.caller(), opening.request(), subscription);
    }

    @Override
    public void open() throws InterruptedException {
        feed.join();
        feed.sync(listener);
    }

    @Override
    public boolean stale() {
        return feed.mayHaveLostRights(); // changes of the membership wake the subscription
    }

    @Override
    public boolean refresh() throws InterruptedException {
        boolean goesOn = feed.sync(listener);
        if (!goesOn) {
            client.replaced(MemberFeed.replaced());
        }
        return goesOn;
    }

    @Override
    public Duration longestWait() {
        return feed.longestWait();
    }

    @Override
    public boolean mayDeliver(Delivery.Records records) throws InterruptedException {
        return feed.mayDeliver(records);
    }

    @Override
    public long epoch(TopicPartition partition) {
        return feed.epoch(partition);
    }

    @Override
    public void sought(Map<TopicPartition, Long> nextOffsets) throws InterruptedException {
        feed.sought(nextOffsets, listener);
    }

    @Override
    public void moved(Delivery.Reset reset) throws InterruptedException {
        feed.moved(reset);
    }

    @Override
    public boolean removed(TopicPartition partition) {
        feed.removed(partition);
        return true;
    }

    @Override
    public void commit(ClientFrame.Commit frame, @Nullable String ref) {
        feed.commit(frame.offsets()).whenComplete((_, failure) -> {
            if (failure == null) {
                client.answer(new ServerFrame.Committed(ref));
            } else {
                client.answer(new ServerFrame.Failed(ref, client.id(), HubException.of(failure, "the hub failed")));
            }
        });
    }

    @Override
    public void leave() {
        feed.leave();
    }

    @Override
    public void close() {
        feed.close();
    }
}
