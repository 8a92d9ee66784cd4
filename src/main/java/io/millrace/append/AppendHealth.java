package io.millrace.append;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Up while records can be stored: part of readiness, so that a node that cannot gets no requests. */
@Component("append")
class AppendHealth implements HealthIndicator {

    private final Appender appender;

    AppendHealth(Appender appender) {
        this.appender = appender;
    }

    @Override
    public Health health() {
        return (appender.ready() ? Health.up() : Health.outOfService()).build();
    }
}
