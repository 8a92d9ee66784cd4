/**
 * HTTP's handlers: how bodies are read and written within bounds, how media types are chosen, how the event loop is
 * left and how a failure is answered. It knows no topic and no record.
 */
@ApplicationModule(
        displayName = "http",
        allowedDependencies = {"budget", "connection", "edge", "event", "json", "logging", "time"})
@NullMarked
package io.millrace.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
