package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.budget.ClientMemory;
import io.millrace.budget.Hold;
import io.millrace.json.JsonBuffer;
import io.millrace.time.Ticker;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two subscriptions of one connection, whose socket takes a frame when the test says so. */
class OutboundTest {

    private static final int FRAME_BYTES = 100;

    private final Queue<ChannelPromise> untaken = new ArrayDeque<>();
    private final List<String> pongs = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
        @Override
        public void write(ChannelHandlerContext context, Object frame, ChannelPromise written) {
            if (frame instanceof PongWebSocketFrame pong) {
                pongs.add(pong.content().toString(StandardCharsets.UTF_8));
            }
            ReferenceCountUtil.release(frame);
            untaken.add(written);
        }
    });
    private final ClientMemory memory = new ClientMemory(100_000, Ticker.SYSTEM);
    private final Queue<Throwable> broken = new ArrayDeque<>();
    private final Outbound out = new Outbound(channel, 1000, memory.share(), Ticker.SYSTEM, broken::add);
    private final Outbound.Sender first = new Outbound.Sender();
    private final Outbound.Sender second = new Outbound.Sender();

    @Test
    void theNewestPingIsAnsweredOnceThePreviousPongIsTaken() {
        AtomicInteger taken = new AtomicInteger();
        for (String ping : List.of("1", "2", "3")) {
            out.answers().pong(ping.getBytes(StandardCharsets.UTF_8), taken::incrementAndGet);
        }
        assertThat(pongs).containsExactly("1");
        assertThat(out.answers().pongWaits()).isTrue();

        socketTakesOne();
        assertThat(pongs).containsExactly("1", "3");
        assertThat(out.answers().pongWaits()).isFalse();
        assertThat(out.pending()).isTrue();
        assertThat(taken).hasValue(0);

        socketTakesOne();
        assertThat(pongs).hasSize(2);
        assertThat(out.pending()).isFalse();
        assertThat(taken).hasValue(1);
    }

    @Test
    void aSubscriptionTakesMoreWhenTheSocketHasTakenAllButItsLastFrame() throws Exception {
        send(first);
        assertThat(slot(first)).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo(true);
        send(first);
        CompletableFuture<Boolean> slot = slot(first);
        assertThat(slot).failsWithin(50, TimeUnit.MILLISECONDS);

        socketTakesOne();

        assertThat(slot).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo(true);
    }

    @Test
    void framesOfOneSubscriptionDoNotHoldUpTheOther() throws Exception {
        send(first);
        send(first);

        assertThat(slot(second)).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo(true);
    }

    @Test
    void theBytesInFlightOfAllSubscriptionsAreBounded() throws Exception {
        for (int i = 0; i < 10; i++) {
            send(i % 2 == 0 ? first : second);
        }
        CompletableFuture<Boolean> sent = CompletableFuture.supplyAsync(() -> send(second));
        assertThat(sent).failsWithin(50, TimeUnit.MILLISECONDS);

        socketTakesOne();

        assertThat(sent).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo(true);
    }

    @Test
    void memoryIsHeldUntilTheSocketHasTakenTheFrame() {
        send(first);
        out.answers().send(new JsonBuffer().raw(new byte[50]), () -> {});
        channel.runPendingTasks();
        assertThat(memory.held()).isEqualTo(FRAME_BYTES + 50);

        socketTakesOne();
        assertThat(memory.held()).isEqualTo(50);
        socketTakesOne();
        assertThat(memory.held()).isZero();
    }

    @Test
    void aFrameWaitsForMemory() {
        Hold others = memory.share().hold();
        others.correct(0, memory.capacity());
        CompletableFuture<Boolean> sent = CompletableFuture.supplyAsync(() -> send(first));
        assertThat(sent).failsWithin(50, TimeUnit.MILLISECONDS);

        others.close();

        assertThat(sent).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(true);
    }

    @Test
    void anAnswerWithoutMemoryIsReportedAsOverfull() {
        Hold others = memory.share().hold();
        others.correct(0, memory.capacity());
        assertThat(out.answers().overfull()).isFalse();
        out.answers().send(new JsonBuffer().raw(new byte[50]), () -> {});
        assertThat(out.answers().overfull()).isTrue();
    }

    @Test
    void aFailedWriteIsReported() {
        send(first);
        OutOfMemoryError failure = new OutOfMemoryError("no direct memory");
        untaken.remove().setFailure(failure);
        assertThat(broken).containsExactly(failure);
        assertThat(memory.held()).isZero();
    }

    @Test
    void aWaitForASlotTimesOut() throws Exception {
        send(first);
        send(first);

        assertThat(slot(first, Duration.ofMillis(20)))
                .succeedsWithin(1, TimeUnit.SECONDS)
                .isEqualTo(false);
    }

    @Test
    void closingEndsAWaitForASlot() throws Exception {
        send(first);
        send(first);
        CompletableFuture<Boolean> slot = slot(first);

        out.close();

        assertThat(slot).succeedsWithin(1, TimeUnit.SECONDS).isEqualTo(false);
    }

    private void socketTakesOne() {
        untaken.remove().setSuccess();
    }

    private CompletableFuture<Boolean> slot(Outbound.Sender sender) {
        return slot(sender, Duration.ofSeconds(10));
    }

    private CompletableFuture<Boolean> slot(Outbound.Sender sender, Duration wait) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return out.awaitSlot(sender, wait);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
    }

    private boolean send(Outbound.Sender sender) {
        try {
            return out.send(sender, FRAME_BYTES, () -> new JsonBuffer().raw(new byte[FRAME_BYTES]));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
