/**
 * Bounds the lines of the hub's own log that clients can cause: {@link io.millrace.logging.LimitedLog}. What clients
 * send stays within its line.
 */
@ApplicationModule(
        displayName = "logging",
        allowedDependencies = {"process", "time"})
@NullMarked
package io.millrace.logging;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
