package io.millrace.verify.check;

import io.millrace.verify.history.GroupEvent;
import java.util.HashMap;
import java.util.Map;

/**
 * One member's ownership of a partition, from the moment that the client learned of it. Filled while events are read.
 */
final class Ownership {

    /** The epoch before the first delivery, or the start offset if the client was not told. */
    static final long UNKNOWN = GroupEvent.Assigned.UNTOLD;

    private final GroupEvent.Assigned begin;
    private final int partition;
    private long epoch = UNKNOWN;
    private long begins;
    private long next;
    private long lastDelivery;
    private final Map<String, Long> rivals = new HashMap<>();

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

    /** The assigned start offset; if unknown, the first delivered one. */
    long begins() {
        return begins;
    }

    long epoch() {
        return epoch;
    }

    /** Whether this is the expected next offset. */
    boolean expects(long offset) {
        return next == UNKNOWN || next == offset;
    }

    /** The expected next offset. */
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

    /**
     * Another session that owned the partition as far as its client knew when this ownership began.
     *
     * @param lastSign when its hub last sent it something
     */
    void hasRival(String other, long lastSign) {
        rivals.put(other, lastSign);
    }

    /** How long that session had received nothing when this ownership began; endless if it was not a rival. */
    long silenceOf(String other) {
        Long lastSign = rivals.get(other);
        return lastSign == null ? Long.MAX_VALUE : from() - lastSign;
    }

    @Override
    public String toString() {
        return "partition " + partition + " of " + begin.session() + " (" + begin.member() + ") since epoch " + epoch;
    }
}
