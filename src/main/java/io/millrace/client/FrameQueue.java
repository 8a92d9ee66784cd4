package io.millrace.client;

import io.millrace.client.message.Frame;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames for a thread that waits for them. Its size is bounded by the permitted records and the unanswered requests.
 */
public final class FrameQueue implements FrameListener {

    /** A frame, or the end. */
    private record Entry(@Nullable Frame frame, int status, String reason) {}

    private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();

    @Override
    public void frame(Frame frame) {
        entries.add(new Entry(frame, 0, ""));
    }

    @Override
    public void closed(int status, String reason) {
        entries.add(new Entry(null, status, reason));
    }

    /**
     * The next frame; null if none comes in time.
     *
     * @throws NoAnswerException once there are no more, saying how the connection ended
     */
    public @Nullable Frame next(Duration patience) throws NoAnswerException, InterruptedException {
        Entry entry = entries.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (entry == null) {
            return null;
        }
        if (entry.frame() == null) {
            entries.add(entry);
            throw new NoAnswerException(
                    NoAnswerException.Fate.CUT_OFF,
                    "the connection ended: " + entry.status() + " " + entry.reason(),
                    null);
        }
        return entry.frame();
    }
}
