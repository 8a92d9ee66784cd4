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
 * What goes out to one WebSocket client and waits for nobody: answers, of which those that come together are written
 * together, pings and pongs. Safe for any thread, but for pongs.
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

    private volatile boolean ponging;
    /** What the next pong is to hold; event loop only. */
    private byte @Nullable [] nextPong;

    /** @param result told of each answer that was written, or why it was not */
    OutboundAnswers(Channel channel, Hold held, WriteProgress progress, Consumer<@Nullable Throwable> result) {
        this.channel = channel;
        this.held = held;
        this.progress = progress;
        this.result = result;
    }

    /**
     * Sends something that does not wait behind records.
     *
     * @param written run on the event loop once the client's socket has taken it, or never will
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
     * Answers a ping. While one answer is on its way only the newest ping is kept, which is all that RFC 6455 (5.5.3)
     * asks for. Event loop only.
     *
     * @param taken run once the client has taken the answers to all
     */
    void pong(byte[] payload, Runnable taken) {
        if (ponging) {
            nextPong = payload;
            return;
        }
        ponging = true;
        channel.writeAndFlush(new PongWebSocketFrame(Unpooled.wrappedBuffer(payload)))
                .addListener(_ -> {
                    progress.written();
                    ponging = false;
                    byte[] next = nextPong;
                    nextPong = null;
                    if (next != null && channel.isActive()) {
                        pong(next, taken);
                    } else {
                        taken.run();
                    }
                });
    }

    /** Whether pings come faster than the client takes the answers; event loop only. */
    boolean pongWaits() {
        return nextPong != null;
    }

    void ping() {
        send(new Answer(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER), 0, () -> {}));
    }

    private void send(Answer answer) {
        bytes.addAndGet(answer.bytes());
        if (!held.grow(answer.bytes())) {
            // It is there already; the connection ends because of it.
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

    /** Whether any wait for the client. */
    boolean pending() {
        return bytes.get() > 0 || ponging;
    }

    /** Gives back what waits for a client that is gone; once nothing is sent any more. */
    void release() {
        held.close();
    }
}
