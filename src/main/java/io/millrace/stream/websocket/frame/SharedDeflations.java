package io.millrace.stream.websocket.frame;

import io.millrace.eventlog.RecordBatch;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Batches that have been compressed, each once for all who follow: those of late, up to a bound for all together, as
 * subscribers that follow the end ask for the same batches at about the same time. Safe for any thread.
 */
public final class SharedDeflations {

    /** The form is that of each subprotocol. */
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

    /** One compressed form of a batch, which may be forgotten and made again. */
    private static final class Form {
        private final ReentrantLock making = new ReentrantLock();
        private volatile byte @Nullable [] bytes;

        /** What that gives back. */
        int forget() {
            byte[] known = bytes;
            bytes = null;
            return known == null ? 0 : known.length + FORM_BYTES;
        }
    }

    private static final long MOST_BYTES =
            Math.min(8 * 1024 * 1024, Runtime.getRuntime().maxMemory() / 64);

    /** What a form costs besides its bytes: one that is empty too. */
    private static final int FORM_BYTES = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Form> kept = new ArrayDeque<>();
    private long keptBytes;

    /**
     * The compressed form of a batch; not to be changed.
     *
     * @param make makes it, if it is not there; one thread at a time does
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
            while (keptBytes > MOST_BYTES) {
                keptBytes -= kept.remove().forget();
            }
        } finally {
            lock.unlock();
        }
    }
}
