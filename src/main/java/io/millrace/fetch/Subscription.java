package io.millrace.fetch;

import io.millrace.budget.Hold;
import io.millrace.budget.Waiter;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows partitions from given offsets on, history first and then live, without a gap between them: each partition's
 * records come in order of offset, the partitions take turns. One consumer calls {@link #next}; the other methods may
 * be called from any thread.
 *
 * <p>While PostgreSQL is away a subscription waits, and it continues when PostgreSQL is back.
 */
public final class Subscription implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Subscription.class);

    /** Longer than any read takes: the driver's timeout for a silent server ends reads earlier. */
    private static final Duration LONGEST_READ = Duration.ofMinutes(10);

    /** How long pages are kept for a consumer that may take nothing. */
    private static final Duration KEPT = Duration.ofMillis(250);

    private final TailCache cache;
    private final TailReader reader;
    private final FetchMetrics metrics;
    private final Duration retryInterval;
    private final Ticker ticker;
    private final Signal signal = new Signal();
    private final Taking taking = new Taking();
    private boolean takenIsHeld;
    private final ReentrantLock lock = new ReentrantLock();
    private final PageMemory memory;
    private final ReadAhead readAhead;
    private final ReadInTurn readInTurn;
    private final boolean forOneCall;
    private final RoundRobin partitions = new RoundRobin();
    private volatile boolean woken;
    private volatile boolean closed;

    /**
     * @param hold takes the memory of what is read; closed with this, unless it is for one call
     * @param forOneCall whether each partition is read in its turn, not ahead
     */
    Subscription(
            TailCache cache,
            TailReader reader,
            FetchMetrics metrics,
            Duration retryInterval,
            Ticker ticker,
            Hold hold,
            boolean forOneCall) {
        this.cache = cache;
        this.reader = reader;
        this.metrics = metrics;
        this.retryInterval = retryInterval;
        this.ticker = ticker;
        this.forOneCall = forOneCall;
        this.memory = new PageMemory(hold, signal, forOneCall);
        this.readInTurn = new ReadInTurn(reader, memory);
        this.readAhead = new ReadAhead(reader, memory, lock, signal);
        metrics.subscribed(1);
    }

    /** Sets the gate. Must be called before {@link Subscriptions#follow}. */
    public void gate(TakeGate of) {
        taking.gate(of);
    }

    /** Sets how fast records may be taken. Must be called before {@link Subscriptions#follow}. */
    public void rate(TakeRate of) {
        taking.rate(of);
    }

    /**
     * Sets which partitions the consumer may read. Must be called before {@link Subscriptions#follow}. The predicate is
     * asked whenever records could be taken, by the consumer's thread, and must not block. A partition that it refuses
     * is neither taken from nor read; it is asked again soon.
     */
    public void admit(Predicate<TopicPartition> which) {
        taking.admit(which);
    }

    Signal signal() {
        return signal;
    }

    /** Begins to follow partitions, whose tails already have this subscription's signal. */
    void follow(List<TailStart> added) {
        locked(() -> partitions.add(added.stream()
                .map(start -> new FollowedPartition(start, memory))
                .toList()));
        signal.raise();
    }

    /** Stops following a partition; later deliveries have none of its records. Does nothing if it is not followed. */
    public void unfollow(TopicPartition name) {
        locked(() -> Optional.ofNullable(partitions.find(name)).ifPresent(this::drop));
    }

    /**
     * Takes the next delivery and waits for it if necessary: for stored records as long as reading them takes, for new
     * records at most {@code wait}.
     *
     * @param maxRecords at most this many records, at least 1
     * @param maxBytes bytes of keys, values and headers; a larger record comes alone
     */
    public Delivery next(int maxRecords, int maxBytes, Duration wait) throws InterruptedException {
        Deadline deadline = ticker.in(wait);
        while (!closed) {
            signal.clear();
            try {
                Delivery delivery = poll(maxRecords, maxBytes);
                if (!(delivery instanceof Delivery.Nothing)) {
                    return delivery;
                }
            } catch (HubException failure) {
                awaitStorage(failure);
                if (deadline.isOver()) {
                    return new Delivery.Nothing();
                }
            }
            if (woken || !await(deadline) || woken) {
                woken = false;
                return new Delivery.Nothing();
            }
        }
        return new Delivery.Nothing();
    }

    /** Waits for something to happen; false if the deadline passed first. */
    private boolean await(Deadline deadline) throws InterruptedException {
        if (readAhead.reading()) {
            // These records are stored: the wait for them does not count against the consumer's deadline.
            return signal.await(ticker.in(LONGEST_READ));
        }
        if (readAhead.waiting()) {
            return signal.await(deadline.orIn(Waiter.LONGEST)) || !deadline.isOver();
        }
        if (taking.isStoppedFor(KEPT) && holdsPages()) {
            if (!signal.await(deadline.orIn(KEPT))) {
                giveBack();
            }
            return !deadline.isOver();
        }
        Duration recheck = taking.recheck();
        return recheck == null ? signal.await(deadline) : signal.await(deadline.orIn(recheck)) || !deadline.isOver();
    }

    /** Makes {@link #next} return at once or, if it is not being called, the next time. */
    public void wake() {
        woken = true;
        signal.raise();
    }

    /**
     * Sets how many records may be taken until this is called again. No more than that is read ahead. While it is zero,
     * only resets and removals are delivered.
     */
    public void permit(long records) {
        taking.permit(records);
    }

    /**
     * Whether memory is held for the records taken last, because other readers do not share them. A consumer that waits
     * for more memory while it holds some may deadlock with others that do the same.
     */
    public boolean takenIsHeld() {
        return takenIsHeld;
    }

    /** Says that the consumer has finished with what it took last and will not take more at once. */
    public void done() {
        if (takenIsHeld) {
            locked(memory::forgetGiven);
        }
        taking.leave();
    }

    /**
     * Drops what has been read but not taken, since the consumer cannot take more for now. It is read again when it is
     * taken later.
     */
    public void giveBack() {
        locked(() -> partitions.all().forEach(FollowedPartition::giveBack));
    }

    private boolean holdsPages() {
        return locked(() -> partitions.all().stream().anyMatch(FollowedPartition::hasPage));
    }

    /** The next offset of each partition, in the order in which the partitions were followed. */
    public Map<TopicPartition, Long> positions() {
        return locked(partitions::positions);
    }

    /**
     * The sum of the leader epochs of all partitions, as known on this node. An epoch only rises, so for the same
     * partitions an equal sum means that offsets still stand for the same records.
     */
    public long epochs() {
        return locked(partitions::epochs);
    }

    /** The number of offsets between the positions and the high watermarks known on this node. Never blocks. */
    public long lag() {
        return partitions.lag();
    }

    /**
     * The end of a partition as this node knows it, which may be before its real end but not beyond it.
     *
     * @throws HubException {@link HubError#UNKNOWN_PARTITION} if the subscription does not follow it
     */
    public long knownEnd(TopicPartition partition) {
        return locked(() -> partitions.get(partition).tail().highWatermark());
    }

    /**
     * Continues at another offset in one partition.
     *
     * @throws HubException {@link HubError#UNKNOWN_PARTITION} if the subscription does not follow it
     */
    public void seek(TopicPartition partition, long nextOffset) {
        locked(() -> partitions.get(partition).sought(nextOffset));
        signal.raise();
    }

    /** Goes back to where the leader epoch began, in partitions beyond it: their positions are of an earlier epoch. */
    public void goBackToEpochs() {
        locked(() -> partitions.all().forEach(FollowedPartition::goBackToEpoch));
    }

    /** Pauses or resumes the partitions that match the predicate. */
    public void pause(Predicate<TopicPartition> which, boolean pause) {
        locked(() -> partitions.all().stream()
                .filter(followed -> which.test(followed.name()))
                .forEach(followed -> followed.pause(pause)));
        signal.raise();
    }

    @Override
    public void close() {
        locked(() -> {
            if (!closed) {
                closed = true;
                metrics.subscribed(-1);
                partitions.all().forEach(followed -> cache.unwatch(followed.tail(), signal));
                taking.leave();
                memory.close();
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
            memory.forgetGiven();
            readAhead.rethrow();
            taking.begin();
            Delivery delivery = pollInTurn(maxRecords, maxBytes);
            if (taking.isEntered()) {
                readAhead.start(partitions, taking.left(delivery));
            }
            if (delivery instanceof Delivery.Nothing && !readAhead.reading()) {
                taking.leave();
            }
            return delivery;
        } finally {
            lock.unlock();
        }
    }

    private Delivery pollInTurn(int maxRecords, int maxBytes) {
        int count = partitions.size();
        for (int i = 0; i < count; i++) {
            FollowedPartition followed = partitions.fromNext(i);
            Delivery delivery = poll(followed, maxRecords, maxBytes);
            if (!(delivery instanceof Delivery.Nothing)) {
                partitions.advanceBeyond(i);
                return delivery;
            }
        }
        return new Delivery.Nothing();
    }

    private Delivery poll(FollowedPartition followed, int maxRecords, int maxBytes) {
        if (followed.needsResetOrRemoval()) {
            return resetOrRemove(followed);
        }
        if (taking.isStopped() || !followed.hasMore() || !enter(followed)) {
            return new Delivery.Nothing();
        }
        takenIsHeld = followed.hasPage();
        if (takenIsHeld) {
            return delivery(followed, followed.take(maxRecords, maxBytes));
        }
        if (followed.tail().isHistory(followed.position())) {
            return history(followed, maxRecords, maxBytes);
        }
        List<RecordBatch> shared = reader.shared(followed.tail(), followed.position());
        return delivery(followed, followed.takeShared(shared, maxRecords, maxBytes));
    }

    private boolean enter(FollowedPartition followed) {
        boolean admitted = taking.admits(followed.name());
        followed.withhold(!admitted);
        return admitted && taking.enter();
    }

    private Delivery history(FollowedPartition followed, int maxRecords, int maxBytes) {
        if (!forOneCall) {
            readAhead.want();
            return new Delivery.Nothing();
        }
        takenIsHeld = true;
        readInTurn.read(followed, partitions.all(), maxRecords);
        return followed.needsResetOrRemoval()
                ? resetOrRemove(followed)
                : delivery(followed, followed.take(maxRecords, maxBytes));
    }

    private Delivery delivery(FollowedPartition followed, Fetched taken) {
        if (taken.isEmpty()) {
            return new Delivery.Nothing();
        }
        metrics.delivered(taken.count());
        taking.took(taken);
        return new Delivery.Records(followed.name(), taken);
    }

    private Delivery resetOrRemove(FollowedPartition followed) {
        if (followed.tail().removed()) {
            drop(followed);
            return new Delivery.Removed(followed.name());
        }
        PartitionBounds bounds = reader.bounds(followed.tail().partitionId());
        followed.tail().advanced(bounds);
        long requested = followed.position();
        long next = reader.positionOf(followed.tail().partitionId(), followed.onward(bounds), bounds);
        if (next == requested) {
            return new Delivery.Nothing();
        }
        followed.seek(next);
        return new Delivery.Reset(followed.name(), requested, next, bounds.readable());
    }

    private void drop(FollowedPartition followed) {
        followed.giveBack();
        partitions.remove(followed);
        cache.unwatch(followed.tail(), signal);
    }

    private void awaitStorage(HubException failure) throws InterruptedException {
        boolean refusedForOneCall = forOneCall && failure.error() == HubError.OVERLOADED;
        if (refusedForOneCall || !(failure.error().passes() || failure.error() == HubError.UNKNOWN_TOPIC)) {
            throw failure;
        }
        log.debug("a subscription waits for PostgreSQL", failure);
        // Waits the full time and ignores the signal: commits that are reported meanwhile cannot be read either.
        ticker.sleep(retryInterval);
        signal.raise();
    }

    private void locked(Runnable change) {
        locked(() -> {
            change.run();
            return true;
        });
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }
}
