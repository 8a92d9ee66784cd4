package io.millrace.fetch;

import io.millrace.budget.Hold;
import io.millrace.budget.Waiter;
import io.millrace.eventlog.RecordBatch;
import java.util.Collection;

/**
 * What one subscription's batches take of its connection's part of the budget: those at hand, and those that its
 * consumer was given last, until it asks for more. What a page will take is known only when it has been read, so a
 * guess is taken before and put right afterwards. Guarded by the subscription's lock.
 */
final class PageMemory implements AutoCloseable {

    private final Hold hold;
    private final Waiter waiter;
    private final boolean forOneCall;
    private long given;

    /** @param forOneCall whether the consumer keeps all it was given; the hold is closed by whoever opened it then */
    PageMemory(Hold hold, Signal signal, boolean forOneCall) {
        this.hold = hold;
        this.waiter = hold.waiter(signal::raise);
        this.forOneCall = forOneCall;
    }

    /** What batches take, with the form in which they are sent. */
    static long weight(Collection<RecordBatch> batches) {
        long weight = 0;
        for (RecordBatch batch : batches) {
            weight += TailCache.weight(batch);
        }
        return weight;
    }

    /** What the largest of some batches takes. */
    static long largest(Collection<RecordBatch> batches) {
        return batches.stream().mapToLong(TailCache::weight).max().orElse(0);
    }

    /**
     * Takes what a page of so much will need.
     *
     * @return what was taken; -1 if that is not to be had
     */
    long takeAbout(long weight) {
        long guess = Math.min(weight, hold.largest());
        return hold.grow(guess) ? guess : -1;
    }

    boolean take(long weight) {
        return hold.grow(weight);
    }

    /** See {@link Hold#settle}. */
    boolean settle(long taken, long needed) {
        return hold.settle(taken, needed);
    }

    /** Is woken when there is memory again. */
    void await() {
        waiter.await();
    }

    /** Batches have been forgotten. */
    void release(long weight) {
        hold.shrink(weight);
    }

    /** Batches are the consumer's now. */
    void give(long weight) {
        given += weight;
    }

    /** The consumer asks for more, so it has done with what it was given. */
    void forgetGiven() {
        if (given > 0 && !forOneCall) {
            hold.shrink(given);
            given = 0;
        }
    }

    @Override
    public void close() {
        waiter.close();
        if (!forOneCall) {
            hold.close();
        }
    }
}
