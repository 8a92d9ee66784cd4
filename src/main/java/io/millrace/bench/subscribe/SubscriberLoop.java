package io.millrace.bench.subscribe;

import io.millrace.bench.format.Asciis;
import io.millrace.bench.format.Batch;
import io.millrace.bench.format.RecordScanner;
import io.millrace.bench.measure.Counter;
import io.millrace.bench.measure.Latencies;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Window;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the subscribers of one event loop are delivered. All of them get the same records, mostly in the same frames, so
 * a frame is read once, and recognised after that by comparing its bytes: that costs a few nanoseconds, which is what
 * lets one core play a thousand subscribers. Used on that event loop, but for what is said to be for any thread.
 */
final class SubscriberLoop {

    static final String SUBSCRIPTION = "s";

    private static final byte[] AFTER_PARTITION = Asciis.bytes(",\"records\":[{\"offset\":");
    private static final byte[] WATERMARK = Asciis.bytes(",\"high_watermark\":");

    /** More frames than are under way to the subscribers at a time; a power of two. */
    private static final int REMEMBERED = 1024;

    /** A frame that was read. What follows the compared bytes, the high watermark, differs from one to the next. */
    private record Frame(ByteBuffer compared, int partition, long firstOffset, int count, long[] sendTimes) {}

    private final byte[] opening;
    private final long zero;
    private final RecordScanner scanner = new RecordScanner();
    private final @Nullable Frame[] frames = new Frame[REMEMBERED];
    private final Latencies latencies = new Latencies();
    private final Counter delivered = new Counter();
    private final Counter duplicated = new Counter();
    private final Counter counted = new Counter();
    private final Counter frameCount = new Counter();
    private volatile Window window = new Window(0, 0, 0);

    /** @param zero the nano time from which the send times in the records count */
    SubscriberLoop(String topic, long zero) {
        this.opening = Asciis.bytes(
                "{\"type\":\"records\",\"id\":\"" + SUBSCRIPTION + "\",\"topic\":\"" + topic + "\",\"partition\":");
        this.zero = zero;
    }

    /** What counts; any thread. */
    void start(Window when) {
        window = when;
    }

    /** Takes a frame; false if it holds no records. */
    boolean deliver(Subscriber to, ByteBuf buffer, int from, int length) {
        if (!Asciis.startsWith(buffer, from, length, opening)) {
            return false;
        }
        Frame frame = recognised(buffer, from, length);
        int fresh = to.take(frame.partition(), frame.firstOffset(), frame.count());
        delivered.add(fresh);
        duplicated.add(frame.count() - fresh);
        frameCount.add(1);
        record(frame.sendTimes());
        return true;
    }

    private void record(long[] sendTimes) {
        long now = System.nanoTime();
        Window when = window;
        if (when.contains(now)) {
            counted.add(sendTimes.length);
        }
        for (long sendTime : sendTimes) {
            if (sendTime != 0) {
                long due = zero + sendTime - Batch.EPOCH;
                latencies.record(now - due, when.contains(due));
            }
        }
    }

    private Frame recognised(ByteBuf buffer, int from, int length) {
        int slot = slot(buffer, from, length);
        Frame known = frames[slot];
        if (known != null) {
            int size = known.compared().remaining();
            if (size < length
                    && buffer.internalNioBuffer(from, size).mismatch(known.compared()) < 0
                    && Asciis.startsWith(buffer, from + size, length - size, WATERMARK)) {
                return known;
            }
        }
        Frame read = read(buffer, from, length);
        frames[slot] = read;
        return read;
    }

    /**
     * By the digits of the partition and of the first offset, and by the length, which tells slices of a batch apart.
     */
    private int slot(ByteBuf buffer, int from, int length) {
        int hash = length >>> 4;
        int at = from + opening.length;
        byte digit;
        for (digit = buffer.getByte(at); digit != ','; digit = buffer.getByte(++at)) {
            hash = 31 * hash + digit;
        }
        at += AFTER_PARTITION.length;
        for (digit = buffer.getByte(at); digit != ','; digit = buffer.getByte(++at)) {
            hash = 31 * hash + digit;
        }
        return (hash ^ hash >>> 10) & REMEMBERED - 1;
    }

    private Frame read(ByteBuf buffer, int from, int length) {
        byte[] text = new byte[length];
        buffer.getBytes(from, text);
        scanner.page(text, 0, length);
        if (!scanner.contiguous() || scanner.nextOffset() != scanner.firstOffset() + scanner.count()) {
            throw new BenchException("wrong order: a frame of partition " + scanner.partition() + " that begins with"
                    + " offset " + scanner.firstOffset() + " has a gap or a repetition");
        }
        int compared = length - 1;
        while (compared > 0 && text[compared] != WATERMARK[0]) {
            compared--;
        }
        return new Frame(
                ByteBuffer.wrap(Arrays.copyOf(text, compared)),
                scanner.partition(),
                scanner.firstOffset(),
                scanner.count(),
                scanner.sendTimes());
    }

    /** Records delivered, each once for each subscriber; any thread. */
    long delivered() {
        return delivered.get();
    }

    /** Records that had been delivered to the same subscriber before; any thread. */
    long duplicated() {
        return duplicated.get();
    }

    /** Records that came in the window; any thread. */
    long counted() {
        return counted.get();
    }

    /** Frames that held all these; any thread. */
    long frames() {
        return frameCount.get();
    }

    Latencies latencies() {
        return latencies;
    }
}
