package io.millrace.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.time.Ticker;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;
import org.springframework.http.client.ReactorResourceFactory;

class EventLoopsHealthTest {

    private static final Duration REPORTED_WITHIN = Duration.ofSeconds(5);

    private final ReactorResourceFactory resources = new ReactorResourceFactory();
    private final List<EventExecutor> loops = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private EventLoopsHealth health;

    @BeforeEach
    void start() {
        resources.setUseGlobalResources(false);
        resources.setShutdownQuietPeriod(Duration.ZERO);
        resources.afterPropertiesSet();
        resources.start();
        resources.getLoopResources().onServer(true).forEach(loops::add);
        health = new EventLoopsHealth(resources, Ticker.SYSTEM);
        health.start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        health.stop();
        resources.stop();
    }

    @Test
    void eachLoopThatHangsIsNamed() {
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).execute(this::hang);
            String name = "event-loop-" + (i + 1);
            await().atMost(REPORTED_WITHIN)
                    .untilAsserted(
                            () -> assertThat(health.health().getDetails()).containsKey(name));
        }
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);

        release.countDown();
        await().untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
    }

    @Test
    void aLoopThatIsBusyForLongDoesNotCountAsHanging() {
        loops.getFirst().execute(this::work);
        long end = System.nanoTime() + REPORTED_WITHIN.toNanos();
        while (System.nanoTime() - end < 0) {
            assertThat(health.health().getDetails()).isEmpty();
        }
    }

    @Test
    void aLoopThatHasEndedIsNamedAtOnce() {
        loops.getFirst().shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);

        assertThat(health.health().getDetails()).containsEntry("event-loop-1", "has ended");
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    }

    private void work() {
        while (release.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private void hang() {
        try {
            release.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
