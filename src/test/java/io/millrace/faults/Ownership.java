package io.millrace.faults;

/**
 * A partition in the hands of one member, from the moment that the client heard of it. Filled while events are read.
 */
final class Ownership {

    /** Nothing was delivered, so the client was not told the epoch, or not where it begins. */
    static final long UNKNOWN = -1;

    private final GroupEvent.Assigned begin;
    private final int partition;
    private long epoch = UNKNOWN;
    private long begins;
    private long next;
    private long lastDelivery;

    Ownership(GroupEvent.Assigned begin, int partition, long nextOffset) {
        this.begin = begin;
        this.partition = partition;
        this.begins = nextOffset;
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

    /** Where it was told to begin; else where it did. */
    long begins() {
        return begins;
    }

    long epoch() {
        return epoch;
    }

    /** Whether this is the offset that has to come next. */
    boolean expects(long offset) {
        return next == UNKNOWN || next == offset;
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
        begins = begins == UNKNOWN ? record.offset() : begins;
        next = record.offset() + 1;
        lastDelivery = record.at();
    }

    @Override
    public String toString() {
        return "partition " + partition + " of " + begin.session() + " (" + begin.member() + ") since epoch " + epoch;
    }
}
