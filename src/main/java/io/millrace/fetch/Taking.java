package io.millrace.fetch;

import io.millrace.event.TopicPartition;
import java.util.function.Predicate;

/**
 * Whether a subscription's consumer may take records: none beyond its demand, none of a partition that it may not have,
 * and none before it is its turn. Used by the consumer's thread, but for {@link #permit}.
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

    /** So many records may be taken. */
    void permit(long records) {
        demand = records;
    }

    /** Whether nothing may be taken at all. */
    boolean isStopped() {
        return demand == 0;
    }

    /** Whether it was another's turn, or a partition may not be had, when this was last asked. */
    boolean isRefused() {
        return refused;
    }

    /** Whether it is this one's turn. */
    boolean isEntered() {
        return entered;
    }

    /** Before it is looked what there is to take. */
    void begin() {
        refused = false;
    }

    /** Whether records of the partition may be had. */
    boolean admits(TopicPartition partition) {
        boolean may = admitted.test(partition);
        refused |= !may;
        return may;
    }

    /** Takes a turn, unless it has one. */
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

    /** How many records may be taken behind those of a delivery. */
    long left(Delivery delivery) {
        long now = demand;
        return delivery instanceof Delivery.Records taken && now != Long.MAX_VALUE
                ? now - taken.records().count()
                : now;
    }
}
