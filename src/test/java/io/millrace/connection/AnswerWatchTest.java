package io.millrace.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.budget.ClientMemory;
import io.millrace.time.Ticker;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Answers that are not completed. */
class AnswerWatchTest {

    private static final Duration STALL = Duration.ofMillis(500);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ClientMemory memory = new ClientMemory(1_000_000, Ticker.SYSTEM);
    private final BrokenAnswers broken =
            new BrokenAnswers(() -> Duration.ofSeconds(30), new Shares(memory), registry, Ticker.SYSTEM);
    private @Nullable Throwable writesFail;

    /** How many messages the client's socket takes before it is full. */
    private int takes = Integer.MAX_VALUE;

    private final EmbeddedChannel channel =
            new EmbeddedChannel(
                    new ChannelOutboundHandlerAdapter() {
                        @Override
                        public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
                            Throwable failure = writesFail;
                            if (failure == null) {
                                context.write(message, written);
                            } else {
                                ReferenceCountUtil.release(message);
                                written.setFailure(failure);
                            }
                        }
                    },
                    new AnswerWatch(broken, STALL.toNanos(), memory.share().hold(), Ticker.SYSTEM)) {
                @Override
                protected void doWrite(ChannelOutboundBuffer messages) {
                    for (; takes > 0 && messages.current() != null; takes--) {
                        messages.remove();
                    }
                }
            };

    @Test
    void aBodyThatCannotBeWrittenEndsTheConnectionAndIsCounted() {
        head();
        writesFail = new OutOfMemoryError("no direct memory");
        body();
        assertThat(channel.isOpen()).isFalse();
        assertThat(failed()).isEqualTo(1);
    }

    /** Its client would take TLS's good-bye for the end of the answer. */
    @Test
    void anAnswerThatIsBrokenOffDoesNotEndAsTlsDoes() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(false);
        AtomicBoolean goodBye = new AtomicBoolean();
        SslHandler tls = new SslHandler(engine) {
            @Override
            public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
                goodBye.set(true);
                super.close(context, promise);
            }
        };
        channel.pipeline().addFirst(tls, new HttpResponseEncoder());
        head();

        channel.close();

        assertThat(goodBye).isFalse();
        assertThat(channel.isOpen()).isFalse();
        assertThat(failed()).isEqualTo(1);
    }

    @Test
    void closingInTheMiddleOfAnAnswerIsCounted() {
        head();
        body();
        channel.close();
        assertThat(failed()).isEqualTo(1);
    }

    @Test
    void closingAfterACompleteAnswerIsNotCounted() {
        head();
        body();
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        channel.close();
        assertThat(failed()).isZero();
    }

    @Test
    void closingBetweenTwoAnswersIsNotCounted() {
        channel.writeOutbound(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(new byte[10])));
        channel.close();
        assertThat(failed()).isZero();
    }

    @Test
    void aClientThatGoesAwayIsNotCounted() {
        head();
        writesFail = new IOException("Broken pipe");
        body();
        channel.close();
        assertThat(failed()).isZero();
    }

    @Test
    void closingAfterTheClientShutDownItsOutputIsNotCounted() {
        head();
        body();
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.close();
        assertThat(failed()).isZero();
    }

    @Test
    void aFailedWriteAfterTheClientShutDownItsOutputIsCounted() {
        head();
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        writesFail = new OutOfMemoryError("no direct memory");
        body();
        assertThat(failed()).isEqualTo(1);
    }

    @Test
    void bytesThatAStreamHasAskedForAreNotCountedTwice() {
        takes = 0;
        Connections.countWaiting(channel, false);
        head();
        body();
        assertThat(memory.held()).isZero();

        Connections.countWaiting(channel, true);
        body();
        assertThat(memory.held()).isPositive();
    }

    @Test
    void anInformationalResponseIsNoAnswer() {
        channel.write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        channel.close();
        assertThat(failed()).isZero();
    }

    @Test
    void aWebSocketIsNotWatched() {
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS));
        assertThat(channel.pipeline().get(AnswerWatch.class)).isNull();
        channel.close();
        assertThat(failed()).isZero();
    }

    @Test
    void bytesThatWaitForTheClientAreHeld() {
        head();
        takes = 0;
        body();
        assertThat(memory.held()).isGreaterThanOrEqualTo(10);
        takes = 1;
        channel.flush();
        assertThat(memory.held()).isZero();

        body();
        assertThat(memory.held()).isGreaterThanOrEqualTo(10);
        channel.close();
        assertThat(memory.held()).isZero();
    }

    @Test
    void aClientThatTakesNothingIsDisconnected() {
        head();
        takes = 0;
        body();
        await().until(() -> {
            channel.runScheduledPendingTasks();
            return !channel.isOpen();
        });
        assertThat(counted("stalled")).isEqualTo(1);
        assertThat(failed()).isZero();
    }

    @Test
    void aClientThatTakesSomethingNowAndThenStaysConnected() {
        head();
        takes = 0;
        body();
        long end = System.nanoTime() + 4 * STALL.toNanos();
        while (System.nanoTime() - end < 0) {
            body();
            takes = 1;
            channel.flush();
            channel.runScheduledPendingTasks();
            LockSupport.parkNanos(STALL.toNanos() / 20);
        }
        assertThat(channel.isOpen()).isTrue();
    }

    private void head() {
        channel.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    }

    private void body() {
        channel.writeOneOutbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[10])));
        channel.flush();
    }

    private double failed() {
        return counted("failed");
    }

    private double counted(String reason) {
        return registry.get("millrace.answers.broken")
                .tag("reason", reason)
                .counter()
                .count();
    }
}
