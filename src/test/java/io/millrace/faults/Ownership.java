package io.millrace.faults;

/**
 * A partition in the hands of one member, from the moment that the client heard of it. Filled while events are read.
 */
final class Ownership {

    /** Nothing was delivered, so the client was not told the epoch. */
    static final long UNKNOWN = -1;

    private final GroupEvent.Assigned begin;
    private final int partition;
    private long epoch = UNKNOWN;
    private long next;
    private long lastDelivery;

    Ownership(GroupEvent.Assigned begin, int partition, long nextOffset) {
        this.begin = begin;
        this.partition = partition;
        this.next = nextOffset;
        this.lastDelivery = begin.at();
    }

    String session() {
        return begin.session();
    }

    int partition() {
        return partition;
    }

    long from() {
        return begin.at();
    }

    /** Where it was told to begin. */
    long begins() {
        return begin.nextOffsets().get(partition);
    }

    long epoch() {
        return epoch;
    }

    /** The offset that has to come next. */
    long next() {
        return next;
    }

    long lastDelivery() {
        return lastDelivery;
    }

    void delivered(GroupEvent.Delivered record) {
        epoch = record.epoch();
        next = record.offset() + 1;
        lastDelivery = record.at();
    }

    @Override
    public String toString() {
        return "partition " + partition + " of " + begin.session() + " (" + begin.member() + ") since epoch " + epoch;
    }
}
