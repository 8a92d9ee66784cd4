package io.millrace.stream.websocket.frame;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * The compressors of a node: one for each processor, whatever the number of clients, as no message needs what was
 * before it. Each costs some 270 kB off the heap once it has been used. Safe for any thread; who compresses waits for
 * one.
 */
public final class Deflation {

    /** The quickest. Level 6 takes two to three times as long, to save another fifth of what is left. */
    private static final int LEVEL = 1;

    private final Semaphore free = new Semaphore(Runtime.getRuntime().availableProcessors());
    private final Queue<Deflater> idle = new ConcurrentLinkedQueue<>();
    private final SharedDeflations shared = new SharedDeflations();

    /** What is compressed once for all. */
    public SharedDeflations shared() {
        return shared;
    }

    /** Does something with a compressor that is nobody else's meanwhile. */
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
