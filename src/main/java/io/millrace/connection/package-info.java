/**
 * One client's connection, below HTTP's handlers: how many there may be, how long each phase may take, what an answer
 * may hold, and what becomes of one that is broken off. An event loop that hangs is told here too.
 */
@ApplicationModule(
        displayName = "connection",
        allowedDependencies = {"background", "budget", "edge", "event", "json", "logging", "time"})
@NullMarked
package io.millrace.connection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
