/**
 * The callers of requests, and what they may do: the words that all packages use for it. {@code access} recognises
 * callers and decides; use cases ask {@link io.millrace.security.Access}, so that no protocol can forget to.
 */
@ApplicationModule(
        displayName = "security",
        allowedDependencies = {"event"})
@NullMarked
package io.millrace.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
