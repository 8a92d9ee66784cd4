package io.millrace.fetch;

import io.millrace.event.TopicPartition;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a subscription's consumer may take records: within its demand and its rate, from partitions that it
 * is admitted to, and in its turn. Used by the consumer's thread; {@link #permit} may be called from any.
 */
final class Taking {

    /** The longest wait before asking again whether the gate is open and which partitions are admitted. */
    private static final Duration REFUSAL_RECHECK = Duration.ofSeconds(1);

    private TakeGate gate = TakeGate.OPEN;
    private TakeRate rate = TakeRate.UNLIMITED;
    private Predicate<TopicPartition> admitted = _ -> true;
    private volatile long demand = Long.MAX_VALUE;
    private boolean entered;
    private boolean refused;
    private long restNanos;

    void gate(TakeGate of) {
        gate = of;
    }

    void admit(Predicate<TopicPartition> which) {
        admitted = which;
    }

    void rate(TakeRate of) {
        rate = of;
    }

    /** Sets how many records may be taken. */
    void permit(long records) {
        demand = records;
    }

    /** Whether nothing may be taken, from whichever partition: nothing is wanted, or too much was taken before. */
    boolean isStopped() {
        return demand == 0 || restNanos > 0;
    }

    /** Whether nothing can be taken for a while, as far as the consumer knows since {@link #begin}. */
    boolean isStoppedFor(Duration time) {
        return demand == 0 || refused || restNanos >= time.toNanos();
    }

    /** After which time without a signal to ask again; null if only a signal changes anything. */
    @Nullable
    Duration recheck() {
        // Another consumer may have been woken for this turn and not used it; admissions change without a signal.
        return restNanos > 0 ? Duration.ofNanos(restNanos) : refused ? REFUSAL_RECHECK : null;
    }

    /** Whether the consumer has passed the gate. */
    boolean isEntered() {
        return entered;
    }

    /** Begins a new search for records to take. */
    void begin() {
        refused = false;
        restNanos = rate.nanosToWait();
    }

    /** Whether the consumer may take records of the partition. */
    boolean admits(TopicPartition partition) {
        boolean may = admitted.test(partition);
        refused |= !may;
        return may;
    }

    /** Passes the gate, unless the consumer has done so; false if the gate refuses it. */
    boolean enter() {
        if (!entered) {
            entered = gate.enter();
            refused |= !entered;
        }
        return entered;
    }

    void took(Fetched records) {
        rate.took(records);
    }

    void leave() {
        if (entered) {
            entered = false;
            gate.leave();
        }
    }

    /** How many more records may be taken after a delivery. */
    long left(Delivery delivery) {
        long now = demand;
        return delivery instanceof Delivery.Records taken && now != Long.MAX_VALUE
                ? now - taken.records().count()
                : now;
    }
}
