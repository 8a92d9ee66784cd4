/** How SQL is kept, in named files beside the class that owns it, and how its failures are told to clients. */
@ApplicationModule(
        displayName = "sql",
        allowedDependencies = {"event"})
@NullMarked
package io.millrace.sql;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
