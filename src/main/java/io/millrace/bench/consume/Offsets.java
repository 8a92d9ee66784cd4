package io.millrace.bench.consume;

import io.millrace.bench.format.ScannedRecords;
import io.millrace.bench.run.BenchException;

/**
 * How far each partition has been read. Checks that no record is missing or comes twice: the offsets of a partition
 * have no gaps, so every record must have the next offset. Used by one thread.
 */
public final class Offsets {

    private final String topic;
    private final long[] next;
    private final long[] ends;
    private int unfinished;
    private long records;
    private long bytes;

    /**
     * @param starts the start offset of each partition; -1 for partitions that are not read
     * @param ends the offset after the last record to read
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

    /** Checks and counts records that were read. Records beyond the end do not count. */
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
                    + read.firstOffset() + " came instead of " + expected);
        }
        if (!read.contiguous()) {
            throw new BenchException("wrong order: in partition " + partition + " of topic " + topic
                    + " there is a gap or a repetition after offset " + expected);
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

    /** Also checks that the page's next offset follows its records. */
    void takePage(ScannedRecords read) {
        take(read.partition(), read);
        if (read.count() > 0 && read.nextOffset() != next[read.partition()]) {
            throw new BenchException("the hub returned next offset " + read.nextOffset() + " for partition "
                    + read.partition() + " of topic " + topic + " instead of " + next[read.partition()]);
        }
    }

    /** Records read, up to the ends. */
    long records() {
        return records;
    }

    /** Bytes of their values. */
    long bytes() {
        return bytes;
    }
}
