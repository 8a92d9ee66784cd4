package io.millrace.stream.websocket;

import io.millrace.budget.Hold;
import io.millrace.consume.RevokedReason;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Subscription;
import io.millrace.logging.LimitedLog;
import io.millrace.security.Caller;
import io.millrace.stream.StreamMetrics;
import io.millrace.stream.StreamProperties;
import io.millrace.stream.StreamServices;
import io.millrace.stream.websocket.frame.ClientFrame;
import io.millrace.stream.websocket.frame.FrameReader;
import io.millrace.stream.websocket.frame.PartitionNames;
import io.millrace.stream.websocket.frame.RecordsFrame;
import io.millrace.stream.websocket.frame.ServerFrame;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of a WebSocket connection: a thread that sends what its {@link Subscription} delivers and, in
 * between, carries out the client's commands. So a client's {@code seek} has a place in the order of frames: records
 * before its {@code assigned} are from the old position, records after it from the new one.
 */
final class WsSubscription implements Runnable {

    private static final LimitedLog log = LimitedLog.of(WsSubscription.class);

    /** How long records read ahead are held while the client takes earlier frames. */
    private static final Duration HOLD_TIME = Duration.ofMillis(250);

    /** Commands of a client that may wait for the subscription's thread. */
    private static final int MAX_COMMANDS = 1000;

    private record Command(
            ClientFrame.OfSubscription frame, @Nullable String ref, long cost) {}

    private final StreamServices services;
    private final WsConnection connection;
    private final ClientFrame.OfSubscription opening;
    private final @Nullable String ref;
    private final Queue<Command> commands = new ArrayBlockingQueue<>(MAX_COMMANDS);
    private final AtomicLong credits = new AtomicLong();
    private final Outbound.Sender sender = new Outbound.Sender();

    private @Nullable Hold openingHold;
    private volatile @Nullable Subscription openSubscription;
    private volatile @Nullable WsSource openSource;
    /** Any thread may set it, and nothing clears it. Never derive it from itself: a concurrent set would be lost. */
    private volatile boolean ended;

    private volatile boolean refreshDue;
    private boolean assigned;

    WsSubscription(
            StreamServices services,
            WsConnection connection,
            ClientFrame.OfSubscription opening,
            long credits,
            @Nullable String ref) {
        this.services = services;
        this.connection = connection;
        this.opening = opening;
        this.credits.set(credits);
        this.ref = ref;
    }

    String id() {
        return opening.id();
    }

    Caller caller() {
        return connection.caller();
    }

    /** Sets the memory of the opening frame, which {@link #forget} gives back; before the thread starts. */
    void holds(Hold frame) {
        openingHold = frame;
    }

    /** Gives back the memory of waiting commands, after the end and once no more can come. */
    void forget() {
        for (Command next = commands.poll(); next != null; next = commands.poll()) {
            connection.done(next.cost());
        }
        Hold frame = openingHold;
        if (frame != null) {
            frame.close();
        }
    }

    /** Allows more records. Any thread. */
    void permit(long records) {
        if (credits.getAndUpdate(now -> Math.min(now + records, FrameReader.MOST_CREDITS)) == 0) {
            wake();
        }
    }

    /** Queues a command for the subscription's thread; false if too many are waiting already. Any thread. */
    boolean command(ClientFrame.OfSubscription frame, @Nullable String commandRef, long cost) {
        boolean taken = commands.offer(new Command(frame, commandRef, cost));
        wake();
        return taken;
    }

    /** Ends the subscription without telling the client, as the connection ends. Any thread. */
    void stop() {
        ended = true;
        wake();
    }

    /** Wakes the subscription if a refresh is due. Any thread, does not block. */
    void tick() {
        WsSource source = openSource;
        if (!refreshDue && source != null && source.stale()) {
            refreshDue = true;
            wake();
        }
    }

    long lag() {
        Subscription subscription = openSubscription;
        return subscription == null ? 0 : subscription.lag();
    }

    private void wake() {
        Subscription subscription = openSubscription;
        if (subscription != null) {
            subscription.wake();
        }
    }

    @Override
    public void run() {
        try (Subscription subscription = services.reading().open(connection.caller(), connection.share());
                WsSource source = source(subscription)) {
            openSubscription = subscription;
            subscription.gate(connection.turns().turn(subscription::wake));
            source.open();
            assigned = true;
            openSource = source;
            while (!ended) {
                refreshDue = false;
                if (!source.refresh()) {
                    break;
                }
                carryOut(subscription, source);
                if (!ended) {
                    deliver(subscription, source);
                }
            }
        } catch (HubException failure) {
            failed(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            broken(failure);
        } finally {
            connection.ended(this);
        }
    }

    private WsSource source(Subscription subscription) {
        return opening instanceof ClientFrame.SubscribeGroup group
                ? new WsGroupSource(services, this, group, subscription)
                : new WsTopicSource(services, this, opening, subscription);
    }

    private void broken(RuntimeException failure) {
        if (ended) {
            log.departed(failure, "a subscription failed after its client had gone");
            return;
        }
        log.failure(failure, "a subscription failed");
        failed(new HubException(HubError.INTERNAL, "the subscription failed"));
    }

    private void failed(HubException failure) {
        freeId();
        connection.answer(new ServerFrame.Failed(ref, id(), failure), () -> {});
        Subscription subscription = openSubscription;
        if (assigned && subscription != null) {
            connection.answer(
                    new ServerFrame.Revoked(
                            id(), List.copyOf(subscription.positions().keySet()), RevokedReason.FAILED),
                    () -> {});
            connection.lost(failure);
        }
    }

    /** To be called before the client hears of the end, as the client may then use the id again. */
    private void freeId() {
        connection.ended(this);
    }

    /** Another member of the same instance has replaced this one. */
    void replaced(HubException reason) {
        connection.fenced(reason.detail());
    }

    void answer(ServerFrame frame) {
        connection.answer(frame, () -> {});
        wake();
    }

    private void deliver(Subscription subscription, WsSource source) throws InterruptedException {
        if (!awaitSlot(subscription, source.longestWait())) {
            return;
        }
        long allowed = credits.get();
        subscription.permit(allowed);
        StreamProperties limits = services.properties();
        int most = (int) Math.clamp(allowed, 1, limits.recordsPerFrame());
        switch (subscription.next(most, (int) limits.bytesPerFrame().toBytes(), source.longestWait())) {
            case Delivery.Nothing nothing -> {}
            case Delivery.Records records -> {
                if (!source.mayDeliver(records)) {
                    return;
                }
                RecordsFrame frame = connection.terms().records(id(), source.epoch(records.partition()), records);
                int count = records.records().count();
                credits.addAndGet(-count);
                endUnless(connection.send(sender, frame, subscription.takenIsHeld(), subscription::giveBack));
                subscription.done();
                services.metrics().sent(StreamMetrics.Protocol.WEBSOCKET, count, frame.size());
            }
            case Delivery.Reset reset -> {
                source.moved(reset);
                send(new ServerFrame.Reset(id(), reset));
            }
            case Delivery.Removed removed -> {
                boolean goesOn = source.removed(removed.partition());
                if (!goesOn) {
                    freeId();
                }
                send(new ServerFrame.Revoked(id(), List.of(removed.partition()), RevokedReason.TOPIC_DELETED));
                endUnless(goesOn);
            }
        }
    }

    /** Gives back what was read ahead if the client is slow to take earlier frames. */
    private boolean awaitSlot(Subscription subscription, Duration longest) throws InterruptedException {
        if (connection.awaitSlot(sender, longest.compareTo(HOLD_TIME) < 0 ? longest : HOLD_TIME)) {
            return true;
        }
        subscription.giveBack();
        return connection.awaitSlot(sender, longest);
    }

    private void endUnless(boolean goesOn) {
        if (!goesOn) {
            ended = true;
        }
    }

    private void carryOut(Subscription subscription, WsSource source) throws InterruptedException {
        for (Command next = commands.poll(); next != null && !ended; next = commands.poll()) {
            try {
                carryOut(subscription, source, next);
            } catch (HubException refusal) {
                connection.answer(new ServerFrame.Failed(next.ref(), id(), refusal), () -> {});
            } finally {
                connection.done(next.cost());
            }
        }
    }

    private void carryOut(Subscription subscription, WsSource source, Command command) throws InterruptedException {
        switch (command.frame()) {
            case ClientFrame.Seek seek -> seek(subscription, source, seek.partitions());
            case ClientFrame.Pause pause -> pause(subscription, pause.partitions(), true);
            case ClientFrame.Resume resume -> pause(subscription, resume.partitions(), false);
            case ClientFrame.Unsubscribe unsubscribe -> {
                List<TopicPartition> all = List.copyOf(subscription.positions().keySet());
                source.leave();
                freeId();
                send(new ServerFrame.Revoked(id(), all, RevokedReason.UNSUBSCRIBED));
                ended = true;
            }
            case ClientFrame.Permit permit -> permit(permit.records());
            case ClientFrame.Commit commit -> source.commit(commit, command.ref());
            case ClientFrame.SubscribeGroup again -> throw new IllegalStateException("subscribed already");
            case ClientFrame.SubscribeTopics again -> throw new IllegalStateException("subscribed already");
            case ClientFrame.SubscribePartitions again -> throw new IllegalStateException("subscribed already");
        }
    }

    private static void seek(Subscription subscription, WsSource source, List<ClientFrame.Position> targets)
            throws InterruptedException {
        List<TopicPartition> partitions = PartitionNames.resolve(
                subscription.positions().keySet(),
                targets.stream().map(ClientFrame.Position::partition).toList());
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        for (int i = 0; i < targets.size(); i++) {
            positions.put(partitions.get(i), targets.get(i).nextOffset());
        }
        positions.forEach(subscription::seek);
        source.sought(positions);
    }

    private static void pause(Subscription subscription, List<ClientFrame.PartitionName> names, boolean pause) {
        subscription.pause(chosen(subscription, names)::contains, pause);
    }

    private static Set<TopicPartition> chosen(Subscription subscription, List<ClientFrame.PartitionName> names) {
        Set<TopicPartition> followed = subscription.positions().keySet();
        return names.isEmpty() ? followed : Set.copyOf(PartitionNames.resolve(followed, names));
    }

    /** Sends a frame in order with the records; the subscription's thread only. */
    void send(ServerFrame frame) throws InterruptedException {
        endUnless(connection.send(sender, frame));
    }
}
