package io.millrace.stream.websocket;

import io.millrace.budget.Hold;
import io.millrace.json.JsonBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames to one WebSocket client that do not wait for room: answers, flushed together if they come together, pings and
 * pongs. Safe for any thread, except for pongs.
 */
final class OutboundAnswers {

    private record Answer(WebSocketFrame frame, int bytes, Runnable written) {}

    private final Channel channel;
    private final Hold held;
    private final WriteProgress progress;
    private final Consumer<@Nullable Throwable> result;

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean overfull;

    private volatile boolean pongInFlight;
    /** The payload of the next pong; event loop only. */
    private byte @Nullable [] nextPong;

    /** @param result called after each write, with null or the reason why it failed */
    OutboundAnswers(Channel channel, Hold held, WriteProgress progress, Consumer<@Nullable Throwable> result) {
        this.channel = channel;
        this.held = held;
        this.progress = progress;
        this.result = result;
    }

    /**
     * Sends an answer, which does not wait for records.
     *
     * @param written run on the event loop once the socket has taken it, or never will
     */
    void send(JsonBuffer frame, Runnable written) {
        ByteBuf content = Unpooled.wrappedBuffer(frame.array(), 0, frame.length());
        send(new Answer(new TextWebSocketFrame(content), frame.length(), written));
    }

    /** The same in binary. */
    void send(byte[] frame, Runnable written) {
        send(new Answer(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(frame)), frame.length, written));
    }

    /**
     * Answers a ping. While a pong is on its way only the newest ping is kept, which is enough for RFC 6455 (5.5.3).
     * Event loop only.
     *
     * @param taken run once the socket has taken all pongs
     */
    void pong(byte[] payload, Runnable taken) {
        if (pongInFlight) {
            nextPong = payload;
            return;
        }
        pongInFlight = true;
        channel.writeAndFlush(new PongWebSocketFrame(Unpooled.wrappedBuffer(payload)))
                .addListener(_ -> {
                    progress.written();
                    pongInFlight = false;
                    byte[] next = nextPong;
                    nextPong = null;
                    if (next != null && channel.isActive()) {
                        pong(next, taken);
                    } else {
                        taken.run();
                    }
                });
    }

    /** Whether pings come faster than the client takes the pongs; event loop only. */
    boolean pongWaits() {
        return nextPong != null;
    }

    void ping() {
        send(new Answer(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER), 0, () -> {}));
    }

    private void send(Answer answer) {
        bytes.addAndGet(answer.bytes());
        if (!held.grow(answer.bytes())) {
            // The frame exists already: counted beyond the limit, and the connection ends because of it.
            held.correct(0, answer.bytes());
            overfull = true;
        }
        answers.add(answer);
        if (flushing.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::flush);
        }
    }

    private void flush() {
        flushing.set(false);
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            Answer written = answer;
            channel.write(answer.frame()).addListener(taken -> {
                progress.written();
                bytes.addAndGet(-written.bytes());
                held.shrink(written.bytes());
                written.written().run();
                result.accept(taken.cause());
            });
        }
        channel.flush();
    }

    /** Bytes of answers that the client has not taken. */
    long bytes() {
        return bytes.get();
    }

    /** Whether there was no memory for an answer. */
    boolean overfull() {
        return overfull;
    }

    /** Whether any frame waits for the client. */
    boolean pending() {
        return bytes.get() > 0 || pongInFlight;
    }

    /** Gives back the memory of a client that is gone; after the last send. */
    void release() {
        held.close();
    }
}
