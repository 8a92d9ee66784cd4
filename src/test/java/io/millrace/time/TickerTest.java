package io.millrace.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits end when their time has come, by the machine's time and by a test's. */
class TickerTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final SettableTicker ticker = SettableTicker.standing();

    @Test
    void aSleepEndsWhenItsTimeHasCome() {
        var sleep = inThread(() -> {
            ticker.sleep(HOUR);
            return "slept for " + ticker.passed();
        });

        await().until(() -> ticker.waiting() == 1);
        ticker.advance(HOUR.minusNanos(1));
        assertThat(sleep).isNotDone();
        ticker.advance(Duration.ofNanos(1));

        assertThat(sleep.join()).isEqualTo("slept for PT1H");
    }

    @Test
    void aQueueIsPolledUntilTheTimeHasCome() {
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
        queue.add("at once");
        Callable<String> poll = () -> {
            String first = ticker.poll(queue, HOUR.toNanos());
            return first == null ? "nothing" : first;
        };

        assertThat(inThread(poll).join()).isEqualTo("at once");

        var later = inThread(poll);
        await().until(() -> ticker.waiting() == 1);
        queue.add("later");
        assertThat(later.join()).isEqualTo("later");

        var never = inThread(poll);
        await().until(() -> ticker.waiting() == 1);
        ticker.advance(HOUR);
        assertThat(never.join()).isEqualTo("nothing");
    }

    @Test
    void aSignalIsAwaitedUntilTheTimeHasCome() {
        ReentrantLock lock = new ReentrantLock();
        var condition = lock.newCondition();
        boolean[] given = {false};
        Callable<String> wait = () -> {
            lock.lock();
            try {
                Deadline deadline = ticker.in(HOUR);
                while (!given[0] && !deadline.isOver()) {
                    deadline.await(condition);
                }
                return given[0] ? "signalled" : "over";
            } finally {
                lock.unlock();
            }
        };

        var late = inThread(wait);
        await().until(() -> ticker.waiting() > 0);
        ticker.advance(HOUR);
        assertThat(late.join()).isEqualTo("over");

        var signalled = inThread(wait);
        await().until(() -> ticker.waiting() > 0);
        lock.lock();
        try {
            given[0] = true;
            condition.signalAll();
        } finally {
            lock.unlock();
        }
        assertThat(signalled.join()).isEqualTo("signalled");
    }

    @Test
    void aDeadlineIsTheSameOnBothSidesOfTheLargestNumber() {
        assertThat(ticker.nanos()).isPositive();
        Deadline deadline = ticker.in(Duration.ofSeconds(2));
        assertThat(deadline.at()).isNegative();

        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(2));
        assertThat(deadline.orIn(Duration.ofMillis(1500)).left()).isEqualTo(Duration.ofMillis(1500));
        assertThat(deadline.orIn(Duration.ofMillis(2500))).isEqualTo(deadline);

        ticker.advance(Duration.ofMillis(1500));
        assertThat(ticker.nanos()).isNegative();
        assertThat(deadline.left()).isEqualTo(Duration.ofMillis(500));
        assertThat(deadline.isOver()).isFalse();

        ticker.advance(Duration.ofMillis(500));
        assertThat(deadline.isOver()).isTrue();
        ticker.advance(HOUR);
        assertThat(deadline.nanosLeft()).isZero();
    }

    @Test
    void theClockAdvancesWithTheTicker() {
        var clock = ticker.clock();
        var before = clock.instant();

        ticker.advance(HOUR);

        assertThat(Duration.between(before, clock.instant())).isEqualTo(HOUR);
    }

    @Test
    void flowingTimePassesByItselfToo() {
        SettableTicker flowing = SettableTicker.flowing();
        Deadline soon = flowing.in(Duration.ofMillis(5));
        Deadline later = flowing.in(HOUR.multipliedBy(24));

        await().until(soon::isOver);
        assertThat(later.isOver()).isFalse();

        flowing.advance(HOUR.multipliedBy(24));
        assertThat(later.isOver()).isTrue();
    }

    @Test
    @Timeout(20)
    void theMachinesTimeEndsWaitsToo() throws InterruptedException {
        Duration moment = Duration.ofMillis(2);
        ReentrantLock lock = new ReentrantLock();
        Deadline sleep = Ticker.SYSTEM.in(moment);
        Ticker.SYSTEM.sleep(moment);
        assertThat(sleep.isOver()).isTrue();

        assertThat(Ticker.SYSTEM.<String>poll(new LinkedBlockingQueue<>(), moment.toNanos()))
                .isNull();

        Deadline parked = Ticker.SYSTEM.in(moment);
        while (!parked.isOver()) {
            Ticker.SYSTEM.park(this, parked.nanosLeft());
        }

        lock.lock();
        try {
            var condition = lock.newCondition();
            Deadline unsignalled = Ticker.SYSTEM.in(moment);
            while (!unsignalled.isOver()) {
                unsignalled.await(condition);
            }
        } finally {
            lock.unlock();
        }
    }

    private static <T> CompletableFuture<T> inThread(Callable<T> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.call();
            } catch (Exception failure) {
                throw new CompletionException(failure);
            }
        });
    }
}
