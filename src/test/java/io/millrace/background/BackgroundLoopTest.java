package io.millrace.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackgroundLoopTest {

    private static final Duration NEVER = Duration.ofHours(1);

    private final AtomicInteger rounds = new AtomicInteger();
    private BackgroundLoop loop = new BackgroundLoop("test-loop", Pace.every(NEVER), rounds::incrementAndGet);

    @AfterEach
    void stop() {
        loop.stop();
    }

    @Test
    void beginsWithARoundAndThenRestsUntilItIsWoken() {
        loop.start();
        await().untilAsserted(() -> assertThat(rounds).hasValue(1));

        loop.wake();

        await().untilAsserted(() -> assertThat(rounds).hasValue(2));
    }

    @Test
    void aWakeDuringARoundCausesAnotherRound() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        loop = new BackgroundLoop("test-loop", Pace.every(NEVER), () -> {
            rounds.incrementAndGet();
            inside.countDown();
            goOn.await();
        });
        loop.start();
        assertThat(inside.await(5, TimeUnit.SECONDS)).isTrue();

        loop.wake();
        goOn.countDown();

        await().untilAsserted(() -> assertThat(rounds).hasValue(2));
    }

    @Test
    void goesOnAfterFailures() {
        loop = new BackgroundLoop("test-loop", new Pace(Duration.ofMillis(1), Duration.ofMillis(5)), () -> {
            if (rounds.incrementAndGet() < 4) {
                throw new java.io.IOException("planted");
            }
        });
        loop.start();

        await().untilAsserted(() -> assertThat(rounds).hasValueGreaterThan(5));
    }

    @Test
    void stopEndsALoopThatRestsAndItCanBeStartedAgain() {
        loop.start();
        await().untilAsserted(() -> assertThat(rounds).hasValue(1));

        loop.stop();
        assertThat(loop.isRunning()).isFalse();

        loop.start();
        await().untilAsserted(() -> assertThat(rounds).hasValue(2));
    }

    @Test
    void stopInterruptsARoundThatDoesNotEnd() {
        AtomicInteger interrupted = new AtomicInteger();
        loop = new BackgroundLoop("test-loop", Pace.every(NEVER), () -> {
            rounds.incrementAndGet();
            try {
                Thread.sleep(NEVER);
            } catch (InterruptedException expected) {
                interrupted.incrementAndGet();
                throw expected;
            }
        });
        loop.start();
        await().untilAsserted(() -> assertThat(rounds).hasValue(1));

        loop.stop();

        assertThat(interrupted).hasValue(1);
    }

    @Test
    void runOnceWorksWithoutAThread() throws Exception {
        loop.runOnce();

        assertThat(rounds).hasValue(1);
        assertThat(loop.isRunning()).isFalse();
    }
}
