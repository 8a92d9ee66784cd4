package io.millrace.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StartWatchTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final StartWatch.Patience PATIENCE = new StartWatch.Patience(
            Duration.ofMillis(50), Duration.ofMillis(300), SHORT, SHORT, Duration.ofSeconds(30));

    private final BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        release.countDown();
    }

    @Test
    void aStartWithoutProgressEndsTheProcess() throws Exception {
        StartWatch watch = watching(starting(this::standStill), List.of());

        assertThat(exits.poll(30, TimeUnit.SECONDS)).isEqualTo(StartWatch.HANGS);
        assertThat(watch.describe())
                .contains("has not started within", "millrace.start.timeout", "StartWatchTest.standStill");
    }

    @Test
    void aStartWithProgressMayTakeLonger() throws Exception {
        Thread busy = starting(this::spin);
        watching(busy, List.of());

        assertThat(exits.poll(2, TimeUnit.SECONDS)).isNull();

        release.countDown();
        busy.join();
    }

    @Test
    void aWaitWithABoundOfItsOwnMayTakeLonger() throws Exception {
        Thread waiting = starting(this::standStill);
        watching(waiting, List.of(new LongWait(StartWatchTest.class.getPackageName(), "this test")));

        assertThat(exits.poll(2, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void aStartThatIsOverIsLeftAlone() throws Exception {
        StartWatch watch = watching(starting(this::standStill), List.of());
        watch.over();
        watch.toldToStop();

        assertThat(exits.poll(2, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void aHubThatIsToldToStopWhileItStartsEnds() throws Exception {
        StartWatch watch = watch(starting(this::standStill), List.of());

        watch.toldToStop();

        assertThat(exits.poll(30, TimeUnit.SECONDS)).isEqualTo(StartWatch.STOPPED);
    }

    private StartWatch watching(Thread starting, List<LongWait> waits) {
        StartWatch watch = watch(starting, waits);
        Thread.ofPlatform().daemon().start(watch::watch);
        return watch;
    }

    private StartWatch watch(Thread starting, List<LongWait> waits) {
        return new StartWatch(starting, waits, SHORT, PATIENCE, exits::add);
    }

    private static Thread starting(Runnable start) {
        Thread thread = Thread.ofPlatform().daemon().start(start);
        await().until(() -> thread.getStackTrace().length > 1);
        return thread;
    }

    private void standStill() {
        try {
            release.await();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private void spin() {
        while (release.getCount() > 0) {
            Thread.onSpinWait();
        }
    }
}
