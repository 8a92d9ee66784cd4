package io.millrace.stream.websocket.frame;

import io.millrace.eventlog.RecordBatch;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The most recently compressed batches, each compressed once for all its readers. Their total size is bounded:
 * subscribers that read the tail ask for the same batches at about the same time. Safe for any thread.
 */
public final class SharedDeflations {

    /** A compressed form for each subprotocol. */
    private record Forms(Form json, Form binary) {

        Forms() {
            this(new Form(), new Form());
        }

        Form of(Subprotocol subprotocol) {
            return switch (subprotocol) {
                case JSON -> json;
                case BINARY -> binary;
            };
        }
    }

    /** One compressed form of a batch, which may be evicted and made again. */
    private static final class Form {
        private final ReentrantLock making = new ReentrantLock();
        private volatile byte @Nullable [] bytes;

        /** Returns the number of bytes that this frees. */
        int evict() {
            byte[] known = bytes;
            bytes = null;
            return known == null ? 0 : known.length + FORM_BYTES;
        }
    }

    private static final long MAX_BYTES =
            Math.min(8 * 1024 * 1024, Runtime.getRuntime().maxMemory() / 64);

    /** What a form takes besides its bytes, even if it is empty. */
    private static final int FORM_BYTES = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Form> kept = new ArrayDeque<>();
    private long keptBytes;

    /**
     * The compressed form of a batch; callers must not change it.
     *
     * @param make makes the form if it is missing; called by one thread at a time
     */
    public byte[] of(RecordBatch batch, Subprotocol subprotocol, Supplier<byte[]> make) {
        Form form = batch.rendering(Forms.class, _ -> new Forms()).of(subprotocol);
        byte[] known = form.bytes;
        if (known != null) {
            return known;
        }
        form.making.lock();
        try {
            byte[] meanwhile = form.bytes;
            if (meanwhile != null) {
                return meanwhile;
            }
            byte[] made = make.get();
            keep(form, made);
            return made;
        } finally {
            form.making.unlock();
        }
    }

    private void keep(Form form, byte[] bytes) {
        lock.lock();
        try {
            form.bytes = bytes;
            kept.add(form);
            keptBytes += bytes.length + FORM_BYTES;
            while (keptBytes > MAX_BYTES) {
                keptBytes -= kept.remove().evict();
            }
        } finally {
            lock.unlock();
        }
    }
}
