/**
 * The terms that all other packages share: records, acknowledgement levels, the fields of requests and the error
 * catalogue. Nothing here does I/O or knows Spring; it needs the JDK only.
 */
@ApplicationModule(
        displayName = "event",
        allowedDependencies = {})
@NullMarked
package io.millrace.event;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
