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
 * Frames on their way to one WebSocket client. Frames of subscriptions keep their order and wait for room: a bounded
 * number of bytes is handed to the socket before the client has taken some. {@link OutboundAnswers} do not wait. Safe
 * for any thread.
 */
final class Outbound {

    /** How long a sender that waits for room holds what it has read before it is told to give it back. */
    private static final Duration HOLD_TIME = Duration.ofMillis(250);

    private static final Duration FOREVER = Duration.ofDays(1000);

    /** One that the socket is taking, and one that is ready to follow. */
    private static final int MAX_FRAMES = 2;

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

    /** @param broken called when a frame could not be written although the client is there */
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

    /** Counts one subscription's frames on their way; guarded by the lock. */
    static final class Sender {
        private int frames;
    }

    /**
     * Waits until a subscription may take records: until the socket has taken all its frames but the last. So frames
     * grow under load: records that arrive meanwhile go into the next frame.
     *
     * @return false if the time is over or the connection is gone
     */
    boolean awaitSlot(Sender sender, Duration wait) throws InterruptedException {
        Deadline deadline = ticker.in(wait);
        lock.lock();
        try {
            while (!closed && sender.frames >= MAX_FRAMES && !deadline.isOver()) {
                deadline.await(room);
            }
            return !closed && sender.frames < MAX_FRAMES;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends records, after waiting for room and, unless memory is held for them already, for memory.
     *
     * @param stuck run if that takes a while
     * @return false if the connection is gone
     */
    boolean send(Sender sender, RecordsFrame frame, boolean held, Runnable stuck) throws InterruptedException {
        return send(new Waiting(sender, frame.size(), held), () -> frame.encode(channel.alloc()), stuck);
    }

    /** @param held whether not to wait for memory: senders that hold some and wait for more could deadlock */
    private record Waiting(Sender sender, int bytes, boolean held) {}

    /**
     * Sends a frame in order with the records.
     *
     * @param bytes of the frame, estimated from above
     */
    boolean send(Sender sender, int bytes, Supplier<JsonBuffer> frame) throws InterruptedException {
        return send(new Waiting(sender, bytes, false), () -> new TextWebSocketFrame(wrap(frame.get())), () -> {});
    }

    private boolean send(Waiting waiting, Supplier<WebSocketFrame> frame, Runnable stuck) throws InterruptedException {
        int bytes = waiting.bytes();
        if (!awaitRoom(waiting, HOLD_TIME)) {
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
                    waiting.sender().frames++;
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

    /** Gives back the room and the memory of a frame. */
    private void taken(Waiting sent) {
        lock.lock();
        try {
            inFlight -= sent.bytes();
            sent.sender().frames--;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        records.shrink(held(sent.bytes()));
    }

    /** The connection cannot continue after a frame that the client did not get. */
    private void checkWritten(@Nullable Throwable failure) {
        if (failure != null && !(failure instanceof IOException) && channel.isActive()) {
            broken.accept(failure);
        }
    }

    /** The frames that do not wait for room. */
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

    /** How long the client has taken none of the bytes that wait for it, in nanoseconds; event loop only. */
    long stuckFor(long nowNanos) {
        return progress.stuckFor(nowNanos);
    }

    /** Gives back the memory of a client that is gone; after the last send. */
    void release() {
        memory.close();
        records.close();
        answers.release();
    }

    /** Ends all waits for room: the connection is closed. */
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
