package io.millrace.rest;

import io.millrace.budget.Hold;
import io.millrace.budget.Share;
import io.millrace.codec.RecordWriter;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import io.millrace.fetch.Fetched;
import io.millrace.json.JsonBuffer;
import io.millrace.time.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one answer with records takes of its connection's part of the budget: the batches while they are written down,
 * and the text until the client's socket has it. Safe for any thread.
 */
final class AnswerMemory implements AutoCloseable {

    private final Share share;
    private final Hold texts;
    private volatile boolean closed;

    AnswerMemory(Share share) {
        this.share = share;
        this.texts = share.hold();
    }

    /** For what is read; closed by the caller when it is written down. */
    Hold batches() {
        return share.hold();
    }

    /**
     * A buffer for a text of so many bytes.
     *
     * @param batches what the records take of which it is made. Where that is something, nobody else has them in
     *     memory, and the text is counted and not asked for: all who hold some and ask for more might refuse each other
     * @throws HubException {@link HubError#OVERLOADED} if there is no memory for it
     */
    JsonBuffer text(long bytes, Hold batches) {
        JsonBuffer text = textIfThere(bytes, batches);
        if (text == null) {
            throw NoMemory.refusal();
        }
        return text;
    }

    /** As {@link #text}, for one who can do with less: null if there is no memory for it. */
    @Nullable
    JsonBuffer textIfThere(long bytes, Hold batches) {
        int capacity = Math.toIntExact(bytes);
        long counted = Math.min(capacity, texts.largest());
        if (batches.bytes() > 0) {
            texts.correct(0, counted);
        } else if (!texts.grow(counted)) {
            return null;
        }
        return new JsonBuffer(capacity);
    }

    /** About what records take as text. */
    static long bytes(Fetched records) {
        return records.byteSize() + (long) RecordWriter.OVERHEAD_BYTES * records.count();
    }

    /** A text of so many bytes, as it was asked for, has been written. */
    void written(long bytes) {
        texts.shrink(Math.min(bytes, texts.largest()));
    }

    /** See {@link Share#deadline}. */
    Deadline deadline(Duration patience) {
        return share.deadline(patience);
    }

    /**
     * Waits for memory, a moment at most.
     *
     * @return false if the answer has ended
     */
    boolean awaitSome() throws InterruptedException {
        if (!closed) {
            share.awaitSome();
        }
        return !closed;
    }

    /** The answer has ended, in whatever way. */
    @Override
    public void close() {
        closed = true;
        texts.close();
    }
}
