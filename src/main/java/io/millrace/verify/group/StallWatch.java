package io.millrace.verify.group;

import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.GroupHistory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Records when this process did not run for a while: its members may then have received something late. */
public final class StallWatch implements AutoCloseable {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration STALL = Duration.ofMillis(500);

    private final GroupHistory history;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("stall-watch").daemon().unstarted(this::watch);

    public static StallWatch start(GroupHistory history) {
        StallWatch watch = new StallWatch(history);
        watch.thread.start();
        return watch;
    }

    private StallWatch(GroupHistory history) {
        this.history = history;
    }

    @Override
    public void close() {
        stopped.countDown();
    }

    private void watch() {
        try {
            long before = System.nanoTime();
            while (!stopped.await(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                long since = before;
                if (now - since > STALL.toNanos()) {
                    history.add(at -> new GroupEvent.Stalled(at, since));
                }
                before = now;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
