package io.millrace.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.millrace.time.SettableTicker;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.springframework.boot.health.contributor.Status;

class BackgroundLoopTest {

    private static final Duration NEVER = Duration.ofHours(1);

    private final AtomicInteger rounds = new AtomicInteger();
    private BackgroundLoop loop =
            new BackgroundLoop("test-loop", Pace.every(NEVER), Ticker.SYSTEM, rounds::incrementAndGet);

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
        loop = new BackgroundLoop("test-loop", Pace.every(NEVER), Ticker.SYSTEM, () -> {
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
        loop = new BackgroundLoop(
                "test-loop", new Pace(Duration.ofMillis(1), Duration.ofMillis(5)), Ticker.SYSTEM, () -> {
                    if (rounds.incrementAndGet() < 4) {
                        throw new java.io.IOException("planted");
                    }
                });
        loop.start();

        await().untilAsserted(() -> assertThat(rounds).hasValueGreaterThan(5));
    }

    @Test
    void goesOnWhenTheLogFailsToo() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        TurboFilter broken = new TurboFilter() {
            @Override
            public FilterReply decide(
                    Marker marker, Logger logger, Level level, String format, Object[] parameters, Throwable failure) {
                if (logger.getName().equals(BackgroundLoop.class.getName())) {
                    throw new StackOverflowError("planted");
                }
                return FilterReply.NEUTRAL;
            }
        };
        context.addTurboFilter(broken);
        try {
            loop = new BackgroundLoop(
                    "test-loop", new Pace(Duration.ofMillis(1), Duration.ofMillis(5)), Ticker.SYSTEM, () -> {
                        if (rounds.incrementAndGet() % 2 == 1) {
                            throw new java.io.IOException("planted");
                        }
                    });
            loop.start();

            await().untilAsserted(() -> assertThat(rounds).hasValueGreaterThan(5));
        } finally {
            context.getTurboFilterList().remove(broken);
        }
    }

    @Test
    void aThreadThatStandsStillInItsRoundIsReportedWithinFiveSeconds() {
        CountDownLatch never = new CountDownLatch(1);
        SettableTicker time = SettableTicker.standing();
        loop = new BackgroundLoop("test-loop", Pace.every(NEVER), time, () -> {
            rounds.incrementAndGet();
            never.await();
        });
        loop.start();
        await().untilAsserted(() -> assertThat(rounds).hasValue(1));
        time.advance(Duration.ofSeconds(3));
        assertThat(loop.ailment()).isNull();

        time.advance(Duration.ofSeconds(1));

        await().untilAsserted(() -> assertThat(loop.ailment()).isEqualTo("has been in the same round for 4 s"));
        assertThat(new LoopsHealth(List.of(loop), List.of()).health().getDetails())
                .containsOnlyKeys("test-loop");

        never.countDown();
        await().untilAsserted(() -> assertThat(loop.ailment()).isNull());
    }

    @Test
    void aThreadThatHasEndedIsReportedAtOnce() throws Exception {
        loop.start();
        await().untilAsserted(() -> assertThat(rounds).hasValue(1));
        Thread ended = Thread.ofPlatform().start(() -> {});
        ended.join();
        var field = BackgroundLoop.class.getDeclaredField("thread");
        field.setAccessible(true);
        field.set(loop, ended);

        assertThat(loop.ailment()).isEqualTo("its thread has ended");
        loop.stop();
        assertThat(loop.ailment()).isNull();
    }

    @Test
    void aRestingLoopIsHealthy() {
        SettableTicker time = SettableTicker.standing();
        loop = new BackgroundLoop("test-loop", Pace.every(NEVER), time, rounds::incrementAndGet);
        loop.start();
        await().until(() -> time.waiting() == 1);

        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofSeconds(5));
            await("it comes back from a slice of its rest")
                    .untilAsserted(() -> assertThat(loop.ailment()).isNull());
        }
        assertThat(rounds).hasValue(1);
        assertThat(new LoopsHealth(List.of(loop), List.of()).health().getStatus())
                .isEqualTo(Status.UP);
    }

    @Test
    void runsOnAPlatformThreadThatDoesNotKeepTheProcessAlive() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        loop = new BackgroundLoop(
                "test-loop", Pace.every(NEVER), Ticker.SYSTEM, () -> thread.set(Thread.currentThread()));
        loop.start();

        await().untilAsserted(() -> assertThat(thread.get()).isNotNull());
        assertThat(thread.get().isVirtual()).isFalse();
        assertThat(thread.get().isDaemon()).isTrue();
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
        loop = new BackgroundLoop("test-loop", Pace.every(NEVER), Ticker.SYSTEM, () -> {
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
