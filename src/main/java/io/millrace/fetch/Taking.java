package io.millrace.fetch;

import io.millrace.event.TopicPartition;
import java.util.function.Predicate;

/**
 * Decides whether a subscription's consumer may take records: within its demand, from partitions that it is admitted
 * to, and in its turn. Used by the consumer's thread; {@link #permit} may be called from any.
 */
final class Taking {

    private TakeGate gate = TakeGate.OPEN;
    private Predicate<TopicPartition> admitted = _ -> true;
    private volatile long demand = Long.MAX_VALUE;
    private boolean entered;
    private boolean refused;

    void gate(TakeGate of) {
        gate = of;
    }

    void admit(Predicate<TopicPartition> which) {
        admitted = which;
    }

    /** Sets how many records may be taken. */
    void permit(long records) {
        demand = records;
    }

    /** Whether the demand is zero. */
    boolean isStopped() {
        return demand == 0;
    }

    /** Whether the gate or a partition has refused the consumer since {@link #begin}. */
    boolean isRefused() {
        return refused;
    }

    /** Whether the consumer has passed the gate. */
    boolean isEntered() {
        return entered;
    }

    /** Begins a new search for records to take. */
    void begin() {
        refused = false;
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
