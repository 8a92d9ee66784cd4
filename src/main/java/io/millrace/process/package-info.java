/**
 * The hub as a process of the operating system: every start ends with a hub that answers or with the end of the
 * process, and a failure that the hub cannot recover from ends the process, so that its supervisor can act.
 */
@ApplicationModule(
        displayName = "process",
        allowedDependencies = {})
@NullMarked
package io.millrace.process;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
