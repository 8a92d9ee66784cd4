/** Bounds the lines of the hub's own log that clients can cause: {@link io.millrace.logging.LimitedLog}. */
@ApplicationModule(
        displayName = "logging",
        allowedDependencies = {"process", "time"})
@NullMarked
package io.millrace.logging;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
