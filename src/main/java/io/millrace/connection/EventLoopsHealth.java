package io.millrace.connection;

import io.millrace.background.Standstill;
import io.millrace.time.Ticker;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.stereotype.Component;
import reactor.netty.resources.LoopResources;

/**
 * Down when an event loop has ended or hangs. Part of both readiness and liveness: the connections that such a loop
 * serves get no answers until the process is restarted. Each loop records once a second that it runs, so a health check
 * waits for none of them. A probe that is served by a dead loop gets no answer at all; those on other loops report it.
 */
@Component("eventLoops")
final class EventLoopsHealth implements HealthIndicator, SmartLifecycle {

    private static final Duration BEAT = Duration.ofSeconds(1);

    /**
     * A loop that is this late and stands still hangs. Including the probe's own time, that is reported within five
     * seconds.
     */
    private static final Duration LATE = Duration.ofMillis(3500);

    /**
     * A loop that is this late counts as hanging even if it works. On one busy core, the first thousand requests of a
     * new hub keep it busy for up to 18 s, and a supervisor that killed the hub then would only make it start over.
     */
    private static final Duration TOO_LATE = Duration.ofSeconds(40);

    private final ReactorResourceFactory resources;
    private final Ticker ticker;
    private volatile List<Pulse> pulses = List.of();

    EventLoopsHealth(ReactorResourceFactory resources, Ticker ticker) {
        this.resources = resources;
        this.ticker = ticker;
    }

    /** When a loop last ran. */
    private final class Pulse {

        private final String name;
        private final EventExecutor loop;
        private final Future<?> beats;
        private volatile long last = ticker.nanos();
        private volatile @Nullable Thread thread;

        Pulse(String name, EventExecutor loop) {
            this.name = name;
            this.loop = loop;
            this.beats = loop.scheduleAtFixedRate(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void beat() {
            thread = Thread.currentThread();
            last = ticker.nanos();
        }

        boolean hasStopped() {
            long late = ticker.nanos() - last;
            return loop.isShuttingDown() || late > TOO_LATE.toNanos() || (late > LATE.toNanos() && standsStill());
        }

        private boolean standsStill() {
            Thread running = thread;
            return running == null || Standstill.of(running);
        }

        String failure() {
            return loop.isShuttingDown()
                    ? "has ended"
                    : "has done nothing for "
                            + Duration.ofNanos(ticker.nanos() - last).toSeconds() + " s";
        }
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        for (Pulse pulse : pulses) {
            if (pulse.hasStopped()) {
                health.down().withDetail(pulse.name, pulse.failure());
            }
        }
        return health.build();
    }

    @Override
    public void start() {
        LoopResources loops = resources.getLoopResources();
        EventLoopGroup serving = loops.onServer(true);
        EventLoopGroup accepting = loops.onServerSelect(true);
        List<Pulse> started = new ArrayList<>();
        addTo(started, "event-loop-", serving);
        if (accepting != serving) {
            addTo(started, "accept-loop-", accepting);
        }
        pulses = List.copyOf(started);
    }

    private void addTo(List<Pulse> pulses, String prefix, EventLoopGroup group) {
        int number = 1;
        for (EventExecutor loop : group) {
            pulses.add(new Pulse(prefix + number++, loop));
        }
    }

    @Override
    public void stop() {
        pulses.forEach(pulse -> pulse.beats.cancel(false));
        pulses = List.of();
    }

    @Override
    public boolean isRunning() {
        return !pulses.isEmpty();
    }

    /** Below the web server's phases. */
    @Override
    public int getPhase() {
        return 0;
    }
}
