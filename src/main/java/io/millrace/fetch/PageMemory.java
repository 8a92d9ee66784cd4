package io.millrace.fetch;

import io.millrace.budget.Hold;
import io.millrace.budget.Waiter;
import io.millrace.eventlog.RecordBatch;
import java.util.Collection;

/**
 * The memory that one subscription's batches take from its connection's share of the budget: those at hand, and those
 * that its consumer was given last, until it asks for more. A page's size is known only when it has been read, so an
 * estimate is taken before and corrected afterwards. Guarded by the subscription's lock.
 */
final class PageMemory implements AutoCloseable {

    private final Hold hold;
    private final Waiter waiter;
    private final boolean forOneCall;
    private long given;

    /** @param forOneCall whether the consumer keeps all that it was given; then the hold's owner closes the hold */
    PageMemory(Hold hold, Signal signal, boolean forOneCall) {
        this.hold = hold;
        this.waiter = hold.waiter(signal::raise);
        this.forOneCall = forOneCall;
    }

    /** The memory of batches, including the form in which they are sent. */
    static long weight(Collection<RecordBatch> batches) {
        long weight = 0;
        for (RecordBatch batch : batches) {
            weight += TailCache.weight(batch);
        }
        return weight;
    }

    /** The memory of the largest batch. */
    static long largest(Collection<RecordBatch> batches) {
        return batches.stream().mapToLong(TailCache::weight).max().orElse(0);
    }

    /**
     * Takes memory for a page of about this weight.
     *
     * @return the bytes taken; -1 if they are not available
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

    /** Has the signal raised when there may be memory again. */
    void await() {
        waiter.await();
    }

    /** Gives back the memory of dropped batches. */
    void release(long weight) {
        hold.shrink(weight);
    }

    /** Notes that the consumer holds batches of this weight now. */
    void give(long weight) {
        given += weight;
    }

    /** Gives back what the consumer held: it asks for more, so it has finished with that. */
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
