/**
 * Clients' connections, below HTTP's handlers: how many there may be, how long each phase may take, how much memory an
 * answer may hold, and how one is broken off. The health of the event loops is reported here, too.
 */
@ApplicationModule(
        displayName = "connection",
        allowedDependencies = {"background", "budget", "edge", "event", "json", "logging", "time"})
@NullMarked
package io.millrace.connection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
