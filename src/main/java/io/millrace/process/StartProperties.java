package io.millrace.process;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param timeout how long a start may take before one that no longer gets on is ended, with the reason in the log: a
 *     hub that hangs looks to its supervisor like one that works. Past it, a start goes on for as long as it uses
 *     processor time, or waits for PostgreSQL, which has bounds of its own.
 */
@ConfigurationProperties("millrace.start")
public record StartProperties(@DefaultValue("1m") Duration timeout) {

    public StartProperties {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("millrace.start.timeout must be longer than nothing");
        }
    }
}
