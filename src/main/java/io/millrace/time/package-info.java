/**
 * Time is injected: code that reads the time or waits gets a {@link io.millrace.time.Ticker} or a
 * {@link java.time.Clock}. So tests can advance time by hand instead of waiting for it.
 *
 * <ul>
 *   <li>{@link io.millrace.time.Ticker} is for durations: how long something took, until when to wait, and the waits.
 *   <li>{@link java.time.Clock} is for dates, such as the timestamps of records.
 *   <li>The times in rows are PostgreSQL's, {@code millrace.now()}, since nodes' clocks differ.
 * </ul>
 *
 * <p>{@code process}, {@code embeddedpostgres} and {@code bench} are exempt, since they deal with other processes.
 * Netty's event loops schedule by their own time; their tasks check the ticker when they run.
 */
@ApplicationModule(
        displayName = "time",
        allowedDependencies = {})
@NullMarked
package io.millrace.time;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
