package io.millrace.stream.websocket;

import io.millrace.time.Ticker;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How fast a client may send frames that cost it next to nothing, and the hub more: commands, pings, and fragments of a
 * few bytes. Who sends more is not read for a while, and TCP holds it back: else a few clients could keep an event loop
 * from the others. Frames with records have bounds of their own. Used on the connection's event loop.
 */
final class FramePace {

    /** A fragment or a frame with less is counted: at this size, the network is the bound. */
    static final int SMALL_BYTES = 256;

    /** What a subscription costs in frames: a thread, and a look at each partition. */
    static final int SUBSCRIPTION = 20;

    private static final double SECOND = 1e9;

    private final int perSecond;
    private final EventExecutor eventLoop;
    private final Ticker ticker;
    private final Runnable changed;
    private double left;
    private long counted;
    private boolean resting;

    /**
     * @param perSecond frames; as many may come at once
     * @param changed run when {@link #isResting} changes
     */
    FramePace(int perSecond, EventExecutor eventLoop, Ticker ticker, Runnable changed) {
        this.perSecond = perSecond;
        this.eventLoop = eventLoop;
        this.ticker = ticker;
        this.changed = changed;
        this.left = perSecond;
        this.counted = ticker.nanos();
    }

    /** Whether the client must not be read. */
    boolean isResting() {
        return resting;
    }

    /** @param frames that were received, or that as much work is worth */
    void count(int frames) {
        long now = ticker.nanos();
        left = Math.min(perSecond, left + (now - counted) / SECOND * perSecond) - frames;
        counted = now;
        if (left < 0 && !resting) {
            resting = true;
            eventLoop.schedule(this::resume, (long) (-left / perSecond * SECOND), TimeUnit.NANOSECONDS);
            changed.run();
        }
    }

    private void resume() {
        resting = false;
        count(0);
        if (!resting) {
            changed.run();
        }
    }
}
