package io.millrace.bench.consume;

import io.millrace.bench.format.ScannedRecords;
import io.millrace.bench.run.BenchException;

/**
 * How far each partition has been read, and that nothing was left out or came twice. The offsets of a partition have no
 * gaps, so every record must be the next. Used by one thread.
 */
public final class Offsets {

    private final String topic;
    private final long[] next;
    private final long[] ends;
    private int unfinished;
    private long records;
    private long bytes;

    /**
     * @param starts of each partition, where it is to be read from; -1 for one that is not
     * @param ends behind the last record that counts
     */
    public Offsets(String topic, long[] starts, long[] ends) {
        this.topic = topic;
        this.next = starts.clone();
        this.ends = ends.clone();
        for (int i = 0; i < next.length; i++) {
            if (follows(i) && !finished(i)) {
                unfinished++;
            }
        }
    }

    boolean follows(int partition) {
        return next[partition] >= 0;
    }

    long next(int partition) {
        return next[partition];
    }

    boolean finished(int partition) {
        return next[partition] >= ends[partition];
    }

    public boolean allFinished() {
        return unfinished == 0;
    }

    /** Takes what has just been read. Records beyond the end do not count. */
    void take(int partition, ScannedRecords read) {
        int count = read.count();
        if (count == 0) {
            return;
        }
        if (partition < 0 || partition >= next.length || !follows(partition)) {
            throw new BenchException("the hub sent partition " + partition + ", which was not asked for");
        }
        long expected = next[partition];
        if (read.firstOffset() != expected) {
            throw new BenchException("wrong order: in partition " + partition + " of topic " + topic + " offset "
                    + read.firstOffset() + " came where " + expected + " was to come");
        }
        if (!read.contiguous()) {
            throw new BenchException("wrong order: in partition " + partition + " of topic " + topic
                    + " there is a gap or a repetition behind offset " + expected);
        }
        long counted = Math.min(count, Math.max(0, ends[partition] - expected));
        boolean before = finished(partition);
        next[partition] = expected + count;
        records += counted;
        bytes += counted == count ? read.valueBytes() : read.valueBytes() * counted / count;
        if (!before && finished(partition)) {
            unfinished--;
        }
    }

    /** Also checks that the page goes on where its records end. */
    void takePage(ScannedRecords read) {
        take(read.partition(), read);
        if (read.count() > 0 && read.nextOffset() != next[read.partition()]) {
            throw new BenchException("the hub said to go on at offset " + read.nextOffset() + " of partition "
                    + read.partition() + " of topic " + topic + " instead of " + next[read.partition()]);
        }
    }

    /** Records that were read and count. */
    long records() {
        return records;
    }

    /** Bytes of their values. */
    long bytes() {
        return bytes;
    }
}
