/**
 * The one life cycle of everything that runs on its own: {@link io.millrace.background.BackgroundLoop}. A package that
 * needs a job writes what one round does and registers a loop around it as a bean; starting, waiting, waking, failing
 * and stopping are the same for all of them.
 */
@ApplicationModule(
        displayName = "background",
        allowedDependencies = {"process", "time"})
@NullMarked
package io.millrace.background;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
