/**
 * What the commands {@code bench}, {@code verify} and {@code backup} have in common: options, wrong usage, failures,
 * and the description of a run in their results. Without Spring.
 */
@ApplicationModule(
        displayName = "command",
        allowedDependencies = {"client", "client :: message"})
@NullMarked
package io.millrace.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
