package io.millrace.faults;

import static org.awaitility.Awaitility.await;

import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Tries one thing again and again, in a thread of its own, and says when it has failed. */
final class Pulse implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** After so many successes in a row the thing works. */
    private static final int STEADY = 10;

    private static final String WORKED = "ok";

    /** Fails by an exception. */
    interface Beat {
        void run() throws Exception;
    }

    private record Tried(long ended, String said) {

        boolean worked() {
            return said.equals(WORKED);
        }
    }

    private final Beat beat;
    private final List<Tried> tried = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    Pulse(Beat beat) {
        this.beat = beat;
        this.thread = Thread.ofPlatform().daemon().start(this::loop);
    }

    /** Waits until it has failed since then, and works again. */
    void awaitRecovery(long since, Duration longest) {
        await().atMost(longest).pollInterval(PAUSE).until(() -> {
            List<Tried> after = since(since);
            return after.stream().anyMatch(each -> !each.worked())
                    && after.reversed().stream().takeWhile(Tried::worked).count() >= STEADY;
        });
    }

    /** How long after this moment it first worked again after its last failure. */
    Duration recoveredAfter(long since) {
        long back = since;
        for (Tried each : since(since).reversed()) {
            if (!each.worked()) {
                break;
            }
            back = each.ended();
        }
        return Duration.ofNanos(back - since);
    }

    /** How often it ended in what way since then. */
    Map<String, Integer> said(long since) {
        Map<String, Integer> counts = new TreeMap<>();
        since(since).forEach(each -> counts.merge(each.said(), 1, Integer::sum));
        return counts;
    }

    private synchronized List<Tried> since(long nanoTime) {
        return tried.stream().filter(each -> each.ended() >= nanoTime).toList();
    }

    private void loop() {
        while (!closed) {
            Tried now = once();
            synchronized (this) {
                tried.add(now);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private Tried once() {
        String said = WORKED;
        try {
            beat.run();
        } catch (RefusedException refused) {
            said = refused.status() + " " + refused.code();
        } catch (NoAnswerException noAnswer) {
            said = "no answer";
        } catch (SQLException failure) {
            said = "SQL " + failure.getSQLState();
        } catch (Exception failure) {
            said = failure.toString();
        }
        return new Tried(System.nanoTime(), said);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
