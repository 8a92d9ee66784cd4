package io.millrace.process;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param timeout how long a start may take before it is ended if it makes no progress, with the reason in the log: to
 *     its supervisor a hub that hangs looks like one that works. After that time, a start goes on only while it uses
 *     CPU time or waits for PostgreSQL, which has bounds of its own.
 */
@ConfigurationProperties("millrace.start")
public record StartProperties(@DefaultValue("1m") Duration timeout) {

    public StartProperties {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("millrace.start.timeout must be positive");
        }
    }
}
