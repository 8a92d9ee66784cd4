/**
 * One budget for all memory that clients can make the node hold, on the heap and off it.
 *
 * <ul>
 *   <li>{@link io.millrace.budget.ClientMemory} is the node's: a capacity in bytes that is never exceeded.
 *   <li>{@link io.millrace.budget.Share} is one connection's part of it.
 *   <li>{@link io.millrace.budget.Hold} is one thing that is held: a body on its way in, a page read ahead, a chunk on
 *       its way out. It is closed when its memory is free again, which may be after its connection has gone.
 * </ul>
 *
 * <p>Nothing here allocates. Who cannot get what it asks for refuses its client or, as a
 * {@link io.millrace.budget.Waiter}, does not read yet.
 */
@ApplicationModule(
        displayName = "budget",
        allowedDependencies = {"time"})
@NullMarked
package io.millrace.budget;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
