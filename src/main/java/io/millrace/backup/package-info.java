/**
 * {@code millrace backup} and {@code millrace restore}: the data of an embedded PostgreSQL as a directory, and back.
 * The work is done by {@link io.millrace.embeddedpostgres.Backup} and {@link io.millrace.embeddedpostgres.Restore};
 * these are their command lines. Without Spring.
 */
@ApplicationModule(
        displayName = "backup",
        allowedDependencies = {"client :: message", "command", "embeddedpostgres"})
@NullMarked
package io.millrace.backup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
