package io.millrace.stream.websocket.frame;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * The compressors of a node: at most one for each processor, whatever the number of clients, as no message refers to
 * earlier ones. Each takes some 270 kB off the heap once it has been used. Safe for any thread; callers wait for a free
 * compressor.
 */
public final class Deflation {

    /** The fastest. Level 6 takes two to three times as long, to save another fifth of the output. */
    private static final int LEVEL = 1;

    private final Semaphore free = new Semaphore(Runtime.getRuntime().availableProcessors());
    private final Queue<Deflater> idle = new ConcurrentLinkedQueue<>();
    private final SharedDeflations shared = new SharedDeflations();

    /** The batches that are compressed once for all readers. */
    public SharedDeflations shared() {
        return shared;
    }

    /** Does {@code work} with a compressor of its own. */
    public <T extends @Nullable Object> T with(Function<Deflater, T> work) {
        free.acquireUninterruptibly();
        try {
            Deflater known = idle.poll();
            Deflater deflater = known == null ? new Deflater(LEVEL, true) : known;
            T done = work.apply(deflater);
            idle.add(deflater);
            return done;
        } finally {
            free.release();
        }
    }
}
