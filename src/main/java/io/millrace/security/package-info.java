/**
 * The callers of requests, and what they may do. Decisions are made from the arguments, without I/O. Today all callers
 * may do everything; use cases ask all the same, so that access control has a single place.
 */
@ApplicationModule(
        displayName = "security",
        allowedDependencies = {"event"})
@NullMarked
package io.millrace.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
