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
 * The memory that one answer with records takes from its connection's share of the budget: the batches until they are
 * rendered, and the text until the client's socket has it. Safe for any thread.
 */
final class AnswerMemory implements AutoCloseable {

    private final Share share;
    private final Hold texts;
    private volatile boolean closed;

    AnswerMemory(Share share) {
        this.share = share;
        this.texts = share.hold();
    }

    /** For the batches that are read; the caller closes it once they are rendered. */
    Hold batches() {
        return share.hold();
    }

    /**
     * A buffer for a text of this size.
     *
     * @param batches holds the records that the text is made of. Unless it is empty, the text is counted without
     *     asking: answers that each hold records and ask for more could all refuse each other
     * @throws HubException {@link HubError#OVERLOADED} if there is no memory for it
     */
    JsonBuffer text(long bytes, Hold batches) {
        JsonBuffer text = textOrNull(bytes, batches);
        if (text == null) {
            throw NoMemory.refusal();
        }
        return text;
    }

    /** As {@link #text}, for callers that can make do with less: null if there is no memory for it. */
    @Nullable
    JsonBuffer textOrNull(long bytes, Hold batches) {
        int capacity = Math.toIntExact(bytes);
        long counted = Math.min(capacity, texts.largest());
        if (batches.bytes() > 0) {
            texts.correct(0, counted);
        } else if (!texts.grow(counted)) {
            return null;
        }
        return new JsonBuffer(capacity);
    }

    /** The approximate size of records as text. */
    static long bytes(Fetched records) {
        return records.byteSize() + (long) RecordWriter.OVERHEAD_BYTES * records.count();
    }

    /** A text of this size, as asked for, has been written. */
    void written(long bytes) {
        texts.shrink(Math.min(bytes, texts.largest()));
    }

    /** See {@link Share#deadline}. */
    Deadline deadline(Duration patience) {
        return share.deadline(patience);
    }

    /**
     * Waits for memory, but only for a moment.
     *
     * @return false if the answer has ended
     */
    boolean awaitSome() throws InterruptedException {
        if (!closed) {
            share.awaitSome();
        }
        return !closed;
    }

    /** The answer has ended, successfully or not. */
    @Override
    public void close() {
        closed = true;
        texts.close();
    }
}
