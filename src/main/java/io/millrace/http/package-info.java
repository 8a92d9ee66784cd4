/**
 * HTTP's handlers: how bodies are read and written within bounds, how media types are chosen, how calls leave the event
 * loop, and how failures are answered. It knows neither topics nor records.
 */
@ApplicationModule(
        displayName = "http",
        allowedDependencies = {"budget", "connection", "edge", "event", "json", "logging", "security", "time"})
@NullMarked
package io.millrace.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
