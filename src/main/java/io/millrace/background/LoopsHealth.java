package io.millrace.background;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Down when the thread of a loop has ended, or stands still: part of both readiness and liveness, because only a
 * restart of the process helps. The details name the loop. Takes no lock and makes no call, so it never waits.
 */
@Component("loops")
class LoopsHealth implements HealthIndicator {

    private final List<BackgroundLoop> loops;

    LoopsHealth(List<BackgroundLoop> loops, List<LoopOwner> owners) {
        this.loops = Stream.concat(loops.stream(), owners.stream().flatMap(owner -> owner.loops().stream()))
                .toList();
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        for (BackgroundLoop loop : loops) {
            String ailment = loop.ailment();
            if (ailment != null) {
                health.down().withDetail(loop.name(), ailment);
            }
        }
        return health.build();
    }
}
