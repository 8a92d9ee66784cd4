package io.millrace.bench.format;

import java.util.Arrays;

/**
 * What is checked and counted of records that were read, in any format. Scanners reuse one instance. Used by one
 * thread.
 */
public final class ScannedRecords {

    private int partition;
    private long nextOffset;
    private long firstOffset;
    private long lastOffset;
    private int count;
    private boolean contiguous;
    private long valueBytes;
    private long[] sendTimes = new long[16];

    void clear() {
        partition = -1;
        nextOffset = -1;
        firstOffset = -1;
        lastOffset = -1;
        count = 0;
        contiguous = true;
        valueBytes = 0;
    }

    void partition(int number) {
        partition = number;
    }

    void nextOffset(long offset) {
        nextOffset = offset;
    }

    /** @param sendTime 0 for a value that the bench has not produced */
    void add(long offset, int bytes, long sendTime) {
        if (count == 0) {
            firstOffset = offset;
        } else {
            contiguous &= offset == lastOffset + 1;
        }
        lastOffset = offset;
        valueBytes += bytes;
        if (count == sendTimes.length) {
            sendTimes = Arrays.copyOf(sendTimes, 2 * count);
        }
        sendTimes[count++] = sendTime;
    }

    /** The partition of all records; -1 if the text has none. */
    public int partition() {
        return partition;
    }

    /** The offset of the first record; -1 if there is none. */
    public long firstOffset() {
        return firstOffset;
    }

    /** The next offset that the hub gives; -1 if the text has none. */
    public long nextOffset() {
        return nextOffset;
    }

    public int count() {
        return count;
    }

    /** Whether each offset is one more than the previous one. */
    public boolean contiguous() {
        return contiguous;
    }

    /** Bytes of all values. */
    public long valueBytes() {
        return valueBytes;
    }

    /** The send times in the values; 0 for a value that the bench has not produced. */
    public long[] sendTimes() {
        return Arrays.copyOf(sendTimes, count);
    }
}
