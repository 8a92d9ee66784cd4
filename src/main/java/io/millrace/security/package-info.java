/**
 * Who makes a request, and what they may do with what. It decides from what it is given: nothing here does I/O. Today
 * everybody may do everything; every use case asks all the same, so that the answer has one place.
 */
@ApplicationModule(
        displayName = "security",
        allowedDependencies = {"event"})
@NullMarked
package io.millrace.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
