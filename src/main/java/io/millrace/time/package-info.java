/**
 * Time comes in: whoever looks at it, or waits for it, does so through {@link io.millrace.time.Ticker} and
 * {@link java.time.Clock}, which it is given. So a test turns time by hand, and no test waits for it.
 *
 * <ul>
 *   <li>{@link io.millrace.time.Ticker} is for what lasts: how long something took, until when to wait, and the
 *       waiting.
 *   <li>{@link java.time.Clock} is for what is written down: the timestamps of records.
 *   <li>The times of rows are PostgreSQL's, {@code millrace.now()}, as nodes' clocks differ.
 * </ul>
 *
 * <p>Exempt are {@code process}, {@code embeddedpostgres} and {@code bench}, which have to do with other processes;
 * what Netty's event loops do at their own time is checked against the ticker when they do it.
 */
@ApplicationModule(
        displayName = "time",
        allowedDependencies = {})
@NullMarked
package io.millrace.time;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
