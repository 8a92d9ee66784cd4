package io.millrace.stream.websocket;

import io.millrace.budget.Hold;
import io.millrace.budget.Share;
import io.millrace.budget.Waiter;
import io.millrace.json.JsonBuffer;
import io.millrace.stream.websocket.frame.RecordsFrame;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to one WebSocket client. What subscriptions send keeps its order and waits for room: no more than a
 * bounded number of bytes is handed to the socket before the client has taken some; {@link OutboundAnswers} wait for
 * nobody. Safe for any thread.
 */
final class Outbound {

    /** How long what has been read is kept while the client takes what it was sent. */
    private static final Duration KEPT = Duration.ofMillis(250);

    private static final Duration FOREVER = Duration.ofDays(1000);

    /** One that the socket takes, and one that is ready when it has. */
    private static final int MOST_FRAMES = 2;

    private final Channel channel;
    private final long maxInFlight;
    private final Ticker ticker;
    private final Consumer<Throwable> broken;
    private final Hold records;
    private final WriteProgress progress;
    private final OutboundAnswers answers;
    private final Waiter memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private long inFlight;
    private boolean closed;

    /** @param broken told of a frame that could not be written although the client is there */
    Outbound(Channel channel, long maxInFlight, Share share, Ticker ticker, Consumer<Throwable> broken) {
        this.channel = channel;
        this.maxInFlight = maxInFlight;
        this.ticker = ticker;
        this.broken = broken;
        this.records = share.hold();
        this.progress = new WriteProgress(channel);
        this.answers = new OutboundAnswers(channel, share.hold(), progress, this::checkWritten);
        this.memory = share.waiter(this::roomChanged);
    }

    /** What one subscription has on its way; guarded by the lock. */
    static final class Lane {
        private int frames;
    }

    /**
     * Waits until a subscription may take records: when the socket has taken what it sent before, but for the last
     * frame. So frames grow under load by themselves, as what comes meanwhile goes into the next.
     *
     * @return false if the wait was in vain, or the connection is gone
     */
    boolean awaitTurn(Lane lane, Duration wait) throws InterruptedException {
        Deadline deadline = ticker.in(wait);
        lock.lock();
        try {
            while (!closed && lane.frames >= MOST_FRAMES && !deadline.isOver()) {
                deadline.await(room);
            }
            return !closed && lane.frames < MOST_FRAMES;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends records, waiting until there is room for them and, unless memory is held for them already, memory.
     *
     * @param stuck run if that takes a while
     * @return false if the connection is gone
     */
    boolean send(Lane lane, RecordsFrame frame, boolean held, Runnable stuck) throws InterruptedException {
        return send(new Waiting(lane, frame.size(), held), () -> frame.encode(channel.alloc()), stuck);
    }

    /**
     * @param held whether memory need not be waited for: who holds some and waits for more may wait for others who do
     */
    private record Waiting(Lane lane, int bytes, boolean held) {}

    /**
     * The same with a frame that must keep its place among the records.
     *
     * @param bytes of the frame, or somewhat more
     */
    boolean send(Lane lane, int bytes, Supplier<JsonBuffer> frame) throws InterruptedException {
        return send(new Waiting(lane, bytes, false), () -> new TextWebSocketFrame(wrap(frame.get())), () -> {});
    }

    private boolean send(Waiting waiting, Supplier<WebSocketFrame> frame, Runnable stuck) throws InterruptedException {
        int bytes = waiting.bytes();
        if (!awaitRoom(waiting, KEPT)) {
            stuck.run();
            if (!awaitRoom(waiting, FOREVER)) {
                return false;
            }
        }
        WebSocketFrame made = null;
        try {
            made = frame.get();
        } finally {
            if (made == null) {
                taken(waiting);
            }
        }
        write(waiting, made);
        return true;
    }

    /** Takes room and memory; false if the time is over or the connection is gone. */
    private boolean awaitRoom(Waiting waiting, Duration wait) throws InterruptedException {
        int bytes = waiting.bytes();
        Deadline deadline = ticker.in(wait);
        lock.lock();
        try {
            while (!closed && !deadline.isOver()) {
                if (inFlight > 0 && inFlight + bytes > maxInFlight) {
                    deadline.await(room);
                } else if (!take(waiting)) {
                    memory.await();
                    deadline.orIn(Waiter.LONGEST).await(room);
                } else {
                    inFlight += bytes;
                    waiting.lane().frames++;
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean take(Waiting waiting) {
        long bytes = held(waiting.bytes());
        if (waiting.held()) {
            records.correct(0, bytes);
            return true;
        }
        return records.grow(bytes);
    }

    private long held(int bytes) {
        return Math.min(bytes, records.largest());
    }

    private void roomChanged() {
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write(Waiting sent, WebSocketFrame frame) {
        channel.writeAndFlush(frame).addListener(written -> {
            progress.written();
            taken(sent);
            checkWritten(written.cause());
        });
    }

    /** A frame needs its room no longer. */
    private void taken(Waiting sent) {
        lock.lock();
        try {
            inFlight -= sent.bytes();
            sent.lane().frames--;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        records.shrink(held(sent.bytes()));
    }

    /** What a client has missed a part of cannot go on. */
    private void checkWritten(@Nullable Throwable failure) {
        if (failure != null && !(failure instanceof IOException) && channel.isActive()) {
            broken.accept(failure);
        }
    }

    /** What waits for nobody. */
    OutboundAnswers answers() {
        return answers;
    }

    /** Whether anything waits for the client. */
    boolean pending() {
        lock.lock();
        try {
            return inFlight > 0 || answers.pending();
        } finally {
            lock.unlock();
        }
    }

    /** Since when the client has taken nothing of what waits for it, in nanoseconds; event loop only. */
    long stuckFor(long nowNanos) {
        return progress.stuckFor(nowNanos);
    }

    /** Gives back what waits for a client that is gone; once nothing is sent any more. */
    void release() {
        memory.close();
        records.close();
        answers.release();
    }

    /** Lets nobody wait for room any longer. */
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static ByteBuf wrap(JsonBuffer frame) {
        return Unpooled.wrappedBuffer(frame.array(), 0, frame.length());
    }
}
