package io.millrace.fetch;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows partitions from given offsets on, history first and then live, without a gap between them: each partition's
 * records come in order of offset, the partitions take turns. One consumer calls {@link #next}; everything else may be
 * called from any thread.
 *
 * <p>While PostgreSQL is away a subscription waits, and goes on when it is back.
 */
public final class Subscription implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Subscription.class);

    /** Longer than any read takes, which ends with the patience that the driver has for a silent server. */
    private static final Duration LONGEST_READ = Duration.ofMinutes(10);

    private final TailCache cache;
    private final TailReader reader;
    private final FetchMetrics metrics;
    private final Duration retryInterval;
    private final Signal signal;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReadAhead readAhead;
    private final boolean forOneCall;
    private final Map<TopicPartition, FollowedPartition> partitions = new LinkedHashMap<>();
    private volatile List<FollowedPartition> turns = List.of();
    private int turn;
    private volatile boolean woken;
    private volatile boolean closed;

    /** @param forOneCall whether each partition is read when it is its turn, and none before */
    Subscription(
            TailCache cache,
            TailReader reader,
            FetchMetrics metrics,
            Duration retryInterval,
            Signal signal,
            boolean forOneCall) {
        this.cache = cache;
        this.reader = reader;
        this.metrics = metrics;
        this.retryInterval = retryInterval;
        this.signal = signal;
        this.forOneCall = forOneCall;
        this.readAhead = new ReadAhead(reader, lock, signal);
        metrics.subscribed(1);
    }

    Signal signal() {
        return signal;
    }

    /** Begins to follow partitions whose tails this subscription's signal already watches. */
    void follow(List<FollowedPartition> added) {
        locked(() -> {
            added.forEach(followed -> partitions.put(followed.name(), followed));
            turns = new ArrayList<>(partitions.values());
        });
        signal.raise();
    }

    /** Ends following a partition; nothing of it is delivered from here on. Does nothing if it is not followed. */
    public void unfollow(TopicPartition name) {
        locked(() -> {
            FollowedPartition followed = partitions.get(name);
            if (followed != null) {
                drop(followed);
            }
        });
    }

    /**
     * Takes what comes next, waiting for it if need be: for what is stored already as long as it takes to read it, for
     * what is not stored yet no longer than {@code wait}.
     *
     * @param maxRecords at most so many records, at least 1
     * @param maxBytes of keys, values and headers; a larger record comes alone
     */
    public Delivery next(int maxRecords, int maxBytes, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (!closed) {
            signal.clear();
            try {
                Delivery delivery = poll(maxRecords, maxBytes);
                if (!(delivery instanceof Delivery.Nothing)) {
                    return delivery;
                }
            } catch (HubException failure) {
                awaitStorage(failure);
                if (deadline - System.nanoTime() <= 0) {
                    return new Delivery.Nothing();
                }
            }
            // History is there to be had: what is being read of it is not waited for in vain, however short the wait.
            long until = readAhead.reading() ? System.nanoTime() + LONGEST_READ.toNanos() : deadline;
            if (woken || !signal.await(until) || woken) {
                woken = false;
                return new Delivery.Nothing();
            }
        }
        return new Delivery.Nothing();
    }

    /** Lets {@link #next} return at once, or the next time it is called. */
    public void wake() {
        woken = true;
        signal.raise();
    }

    /** The offset that comes next in each partition, in the order of subscription. */
    public Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        locked(() -> partitions.values().forEach(followed -> positions.put(followed.name(), followed.position())));
        return positions;
    }

    /**
     * The sum of the epochs of all partitions, as known on this node. An epoch only ever rises, so for the same
     * partitions an equal sum means that offsets still stand for the same records.
     */
    public long epochs() {
        long[] sum = {0};
        locked(() -> partitions
                .values()
                .forEach(followed -> sum[0] += followed.tail().bounds().epoch()));
        return sum[0];
    }

    /** How many records lie between the positions and the high watermarks known on this node. Never blocks. */
    public long lag() {
        long lag = 0;
        for (FollowedPartition followed : turns) {
            lag += Math.max(0, followed.tail().highWatermark() - followed.position());
        }
        return lag;
    }

    /**
     * Where a partition ends, as far as this node knows: never beyond its end.
     *
     * @throws HubException {@link HubError#UNKNOWN_PARTITION} if the subscription does not follow it
     */
    public long knownEnd(TopicPartition partition) {
        long[] end = {0};
        locked(() -> end[0] = followed(partition).tail().highWatermark());
        return end[0];
    }

    /**
     * Goes on elsewhere in one partition.
     *
     * @throws HubException {@link HubError#UNKNOWN_PARTITION} if the subscription does not follow it
     */
    public void seek(TopicPartition partition, long nextOffset) {
        locked(() -> followed(partition).seek(nextOffset));
        signal.raise();
    }

    /** Stops or resumes the partitions that the predicate names. */
    public void pause(Predicate<TopicPartition> which, boolean pause) {
        locked(() -> partitions.values().stream()
                .filter(followed -> which.test(followed.name()))
                .forEach(followed -> followed.pause(pause)));
        signal.raise();
    }

    /** Whether the subscription follows this partition. */
    public boolean follows(TopicPartition partition) {
        boolean[] found = {false};
        locked(() -> found[0] = partitions.containsKey(partition));
        return found[0];
    }

    @Override
    public void close() {
        locked(() -> {
            if (!closed) {
                closed = true;
                metrics.subscribed(-1);
                partitions.values().forEach(followed -> cache.unwatch(followed.tail(), signal));
            }
        });
        signal.raise();
    }

    public boolean closed() {
        return closed;
    }

    private Delivery poll(int maxRecords, int maxBytes) {
        lock.lock();
        try {
            readAhead.rethrow();
            Delivery delivery = pollInTurn(maxRecords, maxBytes);
            readAhead.start(turns, turn);
            return delivery;
        } finally {
            lock.unlock();
        }
    }

    private Delivery pollInTurn(int maxRecords, int maxBytes) {
        int count = turns.size();
        for (int i = 0; i < count; i++) {
            FollowedPartition followed = turns.get((turn + i) % count);
            Delivery delivery = poll(followed, maxRecords, maxBytes);
            if (!(delivery instanceof Delivery.Nothing)) {
                turn = turns.isEmpty() ? 0 : (turn + i + 1) % turns.size();
                return delivery;
            }
        }
        return new Delivery.Nothing();
    }

    private Delivery poll(FollowedPartition followed, int maxRecords, int maxBytes) {
        if (followed.needsAttention()) {
            return attend(followed);
        }
        if (!followed.hasMore()) {
            return new Delivery.Nothing();
        }
        if (!followed.hasPage()) {
            if (followed.tail().behind(followed.position())) {
                return history(followed, maxRecords, maxBytes);
            }
            followed.fill(reader.batches(followed.tail(), followed.position()));
        }
        return take(followed, maxRecords, maxBytes);
    }

    private Delivery history(FollowedPartition followed, int maxRecords, int maxBytes) {
        if (!forOneCall) {
            readAhead.want();
            return new Delivery.Nothing();
        }
        FollowedPartition.Gap gap = followed.gap();
        followed.fill(gap, reader.history(followed.tail(), gap.from()));
        return followed.needsAttention() ? attend(followed) : take(followed, maxRecords, maxBytes);
    }

    private Delivery take(FollowedPartition followed, int maxRecords, int maxBytes) {
        Fetched taken = followed.take(maxRecords, maxBytes);
        if (taken.isEmpty()) {
            return new Delivery.Nothing();
        }
        metrics.delivered(taken.count());
        return new Delivery.Records(followed.name(), taken);
    }

    private Delivery attend(FollowedPartition followed) {
        if (followed.tail().removed()) {
            drop(followed);
            return new Delivery.Removed(followed.name());
        }
        PartitionBounds bounds = reader.bounds(followed.tail().partitionId());
        followed.tail().advanced(bounds);
        long requested = followed.position();
        if (requested >= bounds.startOffset() && requested <= bounds.nextOffset()) {
            return new Delivery.Nothing();
        }
        long next = requested < bounds.startOffset() ? bounds.startOffset() : bounds.nextOffset();
        followed.seek(next);
        return new Delivery.Reset(followed.name(), requested, next);
    }

    private void drop(FollowedPartition followed) {
        partitions.remove(followed.name());
        turns = new ArrayList<>(partitions.values());
        turn = 0;
        cache.unwatch(followed.tail(), signal);
    }

    private void awaitStorage(HubException failure) throws InterruptedException {
        if (failure.error() != HubError.STORAGE_UNAVAILABLE && failure.error() != HubError.UNKNOWN_TOPIC) {
            throw failure;
        }
        log.debug("a subscription waits for PostgreSQL", failure);
        // Waits for the time, not for the signal: commits that are told meanwhile cannot be read either.
        Thread.sleep(retryInterval);
        signal.raise();
    }

    private FollowedPartition followed(TopicPartition partition) {
        FollowedPartition followed = partitions.get(partition);
        if (followed == null) {
            throw new HubException(
                    HubError.UNKNOWN_PARTITION,
                    "the subscription does not follow partition " + partition.partition() + " of topic "
                            + partition.topic());
        }
        return followed;
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
