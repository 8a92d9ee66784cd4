/**
 * Decides which member of a group gets which partition: pure functions over names and numbers, no I/O.
 * {@link io.millrace.assignor.StickyAssignor} is the default, with the balance of Kafka's.
 */
@ApplicationModule(
        displayName = "assignor",
        allowedDependencies = {"event"})
@NullMarked
package io.millrace.assignor;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
