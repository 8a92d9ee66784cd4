package io.millrace.stream.websocket;

import io.millrace.json.JsonBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What goes out to one WebSocket client. What subscriptions send keeps its order and waits for room: no more than a
 * bounded number of bytes is handed to the socket before the client has taken some. Answers wait for nobody; those that
 * come together are written together. Safe for any thread.
 */
final class Outbound {

    private record Answer(WebSocketFrame frame, int bytes, Runnable written) {}

    /** One that the socket takes, and one that is ready when it has. */
    private static final int MOST_FRAMES = 2;

    private final Channel channel;
    private final long maxInFlight;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private long inFlight;
    private boolean closed;

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final AtomicLong answerBytes = new AtomicLong();

    /** Where the writing stood when it was last looked at; event loop only. */
    private long writesDone;

    private long lastWritesDone = -1;
    private long lastProgress = -1;
    private long stuckSince;

    Outbound(Channel channel, long maxInFlight) {
        this.channel = channel;
        this.maxInFlight = maxInFlight;
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
        long left = wait.toNanos();
        lock.lock();
        try {
            while (!closed && lane.frames >= MOST_FRAMES && left > 0) {
                left = room.awaitNanos(left);
            }
            return !closed && lane.frames < MOST_FRAMES;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends records, waiting until there is room for them.
     *
     * @return false if the connection is gone
     */
    boolean send(Lane lane, RecordsFrame frame) throws InterruptedException {
        return awaitRoom(lane, frame.size()) && write(lane, frame.encode(channel.alloc()), frame.size());
    }

    /** The same with a frame that must keep its place among the records. */
    boolean send(Lane lane, JsonBuffer frame) throws InterruptedException {
        return awaitRoom(lane, frame.length()) && write(lane, new TextWebSocketFrame(wrap(frame)), frame.length());
    }

    private boolean awaitRoom(Lane lane, int bytes) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && inFlight > 0 && inFlight + bytes > maxInFlight) {
                room.await();
            }
            inFlight += bytes;
            lane.frames++;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean write(Lane lane, WebSocketFrame frame, int bytes) {
        channel.writeAndFlush(frame).addListener(_ -> {
            writesDone++;
            lock.lock();
            try {
                inFlight -= bytes;
                lane.frames--;
                room.signalAll();
            } finally {
                lock.unlock();
            }
        });
        return true;
    }

    /**
     * Sends something that does not wait behind records.
     *
     * @param written run on the event loop once the client's socket has taken it, or never will
     */
    void answer(JsonBuffer frame, Runnable written) {
        answer(new Answer(new TextWebSocketFrame(wrap(frame)), frame.length(), written));
    }

    /** The same in binary. */
    void answer(byte[] frame, Runnable written) {
        answer(new Answer(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(frame)), frame.length, written));
    }

    void ping() {
        answer(new Answer(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER), 0, () -> {}));
    }

    private void answer(Answer answer) {
        answerBytes.addAndGet(answer.bytes());
        answers.add(answer);
        if (flushing.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::flush);
        }
    }

    private void flush() {
        flushing.set(false);
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            Answer written = answer;
            channel.write(answer.frame()).addListener(_ -> {
                writesDone++;
                answerBytes.addAndGet(-written.bytes());
                written.written().run();
            });
        }
        channel.flush();
    }

    /** Bytes of answers that the client has not taken. */
    long answerBytes() {
        return answerBytes.get();
    }

    /** Whether anything waits for the client. */
    boolean pending() {
        lock.lock();
        try {
            return inFlight > 0 || answerBytes.get() > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Since when the client has taken nothing of what waits for it, in nanoseconds; event loop only. */
    long stuckFor(long nowNanos) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long progress = buffer == null || buffer.isEmpty() ? -1 : buffer.currentProgress();
        if (progress < 0 || progress != lastProgress || writesDone != lastWritesDone) {
            stuckSince = nowNanos;
        }
        lastProgress = progress;
        lastWritesDone = writesDone;
        return nowNanos - stuckSince;
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
