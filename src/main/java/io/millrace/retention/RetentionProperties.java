package io.millrace.retention;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the log is cleaned.
 *
 * @param checkInterval how often each node checks what has expired; one node at a time does the work
 * @param deadShare how much of a sealed segment may be dead before it is rewritten, 0 to 1: the less, the less disk
 *     space and the more copying
 * @param workShare how much of the time the cleaner may work, 0 to 1; the rest is left to appends and readers
 */
@ConfigurationProperties("millrace.retention")
record RetentionProperties(
        @DefaultValue("30s") Duration checkInterval,
        @DefaultValue("0.3") double deadShare,
        @DefaultValue("0.25") double workShare) {

    RetentionProperties {
        if (!(deadShare > 0 && deadShare < 1)) {
            throw new IllegalArgumentException("millrace.retention.dead-share must be between 0 and 1");
        }
        if (!(workShare > 0 && workShare <= 1)) {
            throw new IllegalArgumentException("millrace.retention.work-share must be above 0, and at most 1");
        }
    }
}
