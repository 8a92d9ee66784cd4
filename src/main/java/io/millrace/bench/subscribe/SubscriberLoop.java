package io.millrace.bench.subscribe;

import io.millrace.bench.content.RecordContent;
import io.millrace.bench.format.FrameScanner;
import io.millrace.bench.format.ScannedRecords;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.measure.Counter;
import io.millrace.bench.measure.Latencies;
import io.millrace.bench.measure.PerLoop;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Window;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries to the subscribers of one event loop. All of them get the same records, mostly in the same frames, so
 * a frame is read once, and recognised after that by comparing its bytes. That costs a few nanoseconds, so one core can
 * simulate a thousand subscribers. Used on that event loop only, except for the methods for any thread.
 */
final class SubscriberLoop implements PerLoop.Measured {

    static final String SUBSCRIPTION = "s";

    /** More frames than are in flight to the subscribers at a time; a power of two. */
    private static final int REMEMBERED = 1024;

    /** A frame that was read. */
    private record Frame(ByteBuffer imprint, int partition, long firstOffset, int count, long[] sendTimes) {}

    private final long zero;
    private final Subprotocol subprotocol;
    private final FrameScanner scanner;
    private final @Nullable Frame[] frames = new Frame[REMEMBERED];
    private final Latencies latencies = new Latencies();
    private final Counter delivered = new Counter();
    private final Counter duplicated = new Counter();
    private final Counter counted = new Counter();
    private final Counter frameCount = new Counter();
    private volatile Window window = new Window(0, 0, 0);

    /** @param zero the nano time that the send times in the records count from */
    SubscriberLoop(Subprotocol subprotocol, String topic, long zero) {
        this.subprotocol = subprotocol;
        this.scanner = subprotocol.scanner(SUBSCRIPTION, topic);
        this.zero = zero;
    }

    Subprotocol subprotocol() {
        return subprotocol;
    }

    FrameScanner scanner() {
        return scanner;
    }

    /** Sets the measured time; any thread. */
    void start(Window when) {
        window = when;
    }

    /** Counts and times a frame that holds records. */
    void deliver(Subscriber to, ByteBuf frame) {
        Frame known = recognised(frame);
        int fresh = to.take(known.partition(), known.firstOffset(), known.count());
        delivered.add(fresh);
        duplicated.add(known.count() - fresh);
        frameCount.add(1);
        record(known.sendTimes());
    }

    private void record(long[] sendTimes) {
        long now = System.nanoTime();
        Window when = window;
        if (when.contains(now)) {
            counted.add(sendTimes.length);
        }
        for (long sendTime : sendTimes) {
            if (sendTime != 0) {
                long due = zero + sendTime - RecordContent.EPOCH;
                latencies.record(now - due, when.contains(due));
            }
        }
    }

    private Frame recognised(ByteBuf frame) {
        int hash = scanner.hash(frame);
        int slot = (hash ^ hash >>> 10) & REMEMBERED - 1;
        Frame known = frames[slot];
        if (known != null && scanner.matches(frame, known.imprint())) {
            return known;
        }
        Frame read = read(frame);
        frames[slot] = read;
        return read;
    }

    private Frame read(ByteBuf frame) {
        ScannedRecords read = scanner.scan(frame);
        if (!read.contiguous() || read.nextOffset() != read.firstOffset() + read.count()) {
            throw new BenchException("wrong order: a frame of partition " + read.partition() + " that begins with"
                    + " offset " + read.firstOffset() + " has a gap or a repetition");
        }
        return new Frame(scanner.imprint(frame), read.partition(), read.firstOffset(), read.count(), read.sendTimes());
    }

    /** Records delivered, counted once per subscriber; any thread. */
    long delivered() {
        return delivered.get();
    }

    /** Records that had been delivered to the same subscriber before; any thread. */
    long duplicated() {
        return duplicated.get();
    }

    /** Records received in the window; any thread. */
    long counted() {
        return counted.get();
    }

    /** Frames received; any thread. */
    long frames() {
        return frameCount.get();
    }

    @Override
    public Latencies latencies() {
        return latencies;
    }
}
