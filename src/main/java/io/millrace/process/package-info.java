/**
 * The hub as a process of the operating system: every start ends in a hub that answers or in a process that has ended,
 * and nothing that cannot be mended from within is lived with. Whatever supervises the process can then act.
 */
@ApplicationModule(
        displayName = "process",
        allowedDependencies = {})
@NullMarked
package io.millrace.process;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
