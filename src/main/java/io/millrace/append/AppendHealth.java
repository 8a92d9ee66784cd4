package io.millrace.append;

import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Up while records can be stored. Part of readiness, so that a node that cannot store records gets no requests. The
 * details name each lane that cannot, and why.
 */
@Component("append")
class AppendHealth implements HealthIndicator {

    private final Appender appender;

    AppendHealth(Appender appender) {
        this.appender = appender;
    }

    @Override
    public Health health() {
        Map<String, String> obstacles = appender.obstacles();
        return (obstacles.isEmpty() ? Health.up() : Health.outOfService())
                .withDetails(obstacles)
                .build();
    }
}
