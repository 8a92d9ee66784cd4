/**
 * The life cycle of the hub's loops: {@link io.millrace.background.BackgroundLoop}. A package that needs a repeated job
 * writes one round of it and registers a loop around that as a bean; starting, waiting, waking, failing and stopping
 * are the same for all loops. Threads that end with their work, such as those of streams, are not loops, nor is the
 * watch over the embedded PostgreSQL.
 */
@ApplicationModule(
        displayName = "background",
        allowedDependencies = {"process", "time"})
@NullMarked
package io.millrace.background;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
