package io.millrace.stream;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Subscription;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription of a WebSocket connection: a thread that sends what its {@link Subscription} delivers and, in
 * between, does what the client asks. So a client's {@code seek} has a place in the order of frames: what comes before
 * its {@code assigned} is from where the subscription stood, what comes behind is from where it stands.
 */
final class WsSubscription implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(WsSubscription.class);

    /** Requests that a client may make before the first has been carried out. */
    private static final int MOST_COMMANDS = 1000;

    /** Only a bound; whatever happens ends the wait. */
    private static final Duration WAIT = Duration.ofHours(1);

    private record Command(
            ClientFrame.OfSubscription frame, @Nullable String ref) {}

    private final WsServices services;
    private final WsConnection connection;
    private final ClientFrame.OfSubscription opening;
    private final @Nullable String ref;
    private final Queue<Command> commands = new ArrayBlockingQueue<>(MOST_COMMANDS);
    private final AtomicLong credits = new AtomicLong();

    private final WholeTopics whole;
    private volatile @Nullable Subscription feed;
    private volatile boolean ended;
    private volatile boolean grown;
    private boolean assigned;

    WsSubscription(
            WsServices services,
            WsConnection connection,
            ClientFrame.OfSubscription opening,
            long credits,
            @Nullable String ref) {
        this.services = services;
        this.connection = connection;
        this.opening = opening;
        this.credits.set(credits);
        this.ref = ref;
        this.whole = new WholeTopics(services.subscriptions(), services.catalogue());
    }

    String id() {
        return opening.id();
    }

    /** Allows more records. Any thread. */
    void permit(long records) {
        if (credits.getAndUpdate(now -> Math.min(now + records, FrameReader.MOST_CREDITS)) == 0) {
            wake();
        }
    }

    /** Leaves something to do for the subscription's thread; false if too much is waiting already. Any thread. */
    boolean command(ClientFrame.OfSubscription frame, @Nullable String commandRef) {
        boolean taken = commands.offer(new Command(frame, commandRef));
        wake();
        return taken;
    }

    /** Ends the subscription without a word, as the connection is gone. Any thread. */
    void stop() {
        ended = true;
        wake();
    }

    /** Looks whether a topic that is followed whole has grown. Any thread, does not block. */
    void tick() {
        if (!grown && whole.mayHaveGrown()) {
            grown = true;
            wake();
        }
    }

    long lag() {
        Subscription followed = feed;
        return followed == null ? 0 : followed.lag();
    }

    private void wake() {
        Subscription followed = feed;
        if (followed != null) {
            followed.wake();
        }
    }

    @Override
    public void run() {
        try (Subscription subscription = services.subscriptions().open()) {
            feed = subscription;
            Pauses pauses = new Pauses(subscription);
            open(subscription);
            while (!ended) {
                carryOut(subscription, pauses);
                if (!ended) {
                    deliver(subscription, pauses);
                }
            }
        } catch (HubException failure) {
            failed(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            log.error("a subscription failed", failure);
            failed(new HubException(HubError.INTERNAL, "the subscription failed"));
        } finally {
            connection.ended(this);
        }
    }

    private void failed(HubException failure) {
        connection.answer(new ServerFrame.Failed(ref, id(), failure), () -> {});
        Subscription followed = feed;
        if (assigned && followed != null) {
            connection.answer(
                    new ServerFrame.Revoked(
                            id(), List.copyOf(followed.positions().keySet()), ServerFrame.RevokedReason.FAILED),
                    () -> {});
        }
    }

    private void open(Subscription subscription) throws InterruptedException {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        switch (opening) {
            case ClientFrame.SubscribeTopics topics -> {
                for (String name : topics.topics()) {
                    Topic topic = services.catalogue().require(name);
                    positions.putAll(whole.follow(subscription, topic, _ -> topics.from()));
                }
            }
            case ClientFrame.SubscribePartitions some -> {
                Topic topic = services.catalogue().require(some.topic());
                for (ClientFrame.Position at : some.partitions()) {
                    int partition = at.partition().partition();
                    StartPosition from = new StartPosition.AtOffset(at.nextOffset());
                    positions.put(
                            new TopicPartition(topic.name(), partition),
                            services.subscriptions().follow(subscription, topic, partition, from));
                }
            }
            default -> throw new IllegalStateException("a subscription cannot begin with " + opening);
        }
        send(new ServerFrame.Assigned(id(), positions));
        assigned = true;
    }

    private void followAdded(Subscription subscription, Pauses pauses) throws InterruptedException {
        grown = false;
        Map<TopicPartition, Long> added = whole.followAdded(subscription);
        if (!added.isEmpty()) {
            pauses.added();
            send(new ServerFrame.Assigned(id(), added));
        }
    }

    private void deliver(Subscription subscription, Pauses pauses) throws InterruptedException {
        long allowed = credits.get();
        pauses.hold(allowed == 0);
        StreamProperties limits = services.properties();
        int most = (int) Math.clamp(allowed, 1, limits.recordsPerFrame());
        switch (subscription.next(most, (int) limits.bytesPerFrame().toBytes(), WAIT)) {
            case Delivery.Nothing nothing -> {}
            case Delivery.Records records -> {
                RecordsFrame frame = RecordsFrame.of(id(), records);
                int count = records.records().count();
                credits.addAndGet(-count);
                ended |= !connection.send(frame);
                services.metrics().sent(StreamMetrics.Protocol.WEBSOCKET, count, frame.size());
            }
            case Delivery.Reset reset ->
                send(new ServerFrame.Reset(id(), reset.partition(), reset.requested(), reset.nextOffset()));
            case Delivery.Removed removed -> {
                whole.forget(removed.partition().topic());
                send(new ServerFrame.Revoked(
                        id(), List.of(removed.partition()), ServerFrame.RevokedReason.TOPIC_DELETED));
                ended |= subscription.positions().isEmpty();
            }
        }
    }

    private void carryOut(Subscription subscription, Pauses pauses) throws InterruptedException {
        if (grown) {
            followAdded(subscription, pauses);
        }
        for (Command next = commands.poll(); next != null && !ended; next = commands.poll()) {
            try {
                carryOut(subscription, pauses, next.frame());
            } catch (HubException refusal) {
                connection.answer(new ServerFrame.Failed(next.ref(), id(), refusal), () -> {});
            }
        }
    }

    private void carryOut(Subscription subscription, Pauses pauses, ClientFrame.OfSubscription frame)
            throws InterruptedException {
        switch (frame) {
            case ClientFrame.Seek seek -> seek(subscription, seek);
            case ClientFrame.Pause pause -> pauses.pause(chosen(subscription, pause.partitions()));
            case ClientFrame.Resume resume -> pauses.resume(chosen(subscription, resume.partitions()));
            case ClientFrame.Unsubscribe unsubscribe -> {
                List<TopicPartition> all = List.copyOf(subscription.positions().keySet());
                send(new ServerFrame.Revoked(id(), all, ServerFrame.RevokedReason.UNSUBSCRIBED));
                ended = true;
            }
            case ClientFrame.Permit permit -> permit(permit.records());
            case ClientFrame.Commit commit ->
                throw new HubException(
                        HubError.UNSUPPORTED_FEATURE, "a subscription without a group has nothing to commit");
            case ClientFrame.SubscribeTopics again -> throw new IllegalStateException("subscribed already");
            case ClientFrame.SubscribePartitions again -> throw new IllegalStateException("subscribed already");
        }
    }

    private void seek(Subscription subscription, ClientFrame.Seek seek) throws InterruptedException {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        Set<TopicPartition> followed = subscription.positions().keySet();
        for (ClientFrame.Position target : seek.partitions()) {
            positions.put(PartitionNames.resolve(followed, target.partition()), target.nextOffset());
        }
        positions.forEach(subscription::seek);
        send(new ServerFrame.Assigned(id(), positions));
    }

    private static Set<TopicPartition> chosen(Subscription subscription, List<ClientFrame.PartitionName> names) {
        Set<TopicPartition> followed = subscription.positions().keySet();
        return names.isEmpty() ? followed : PartitionNames.resolve(followed, names);
    }

    private void send(ServerFrame frame) throws InterruptedException {
        ended |= !connection.send(frame);
    }
}
