/**
 * One budget for all memory that clients can make the node hold, on the heap and off it.
 *
 * <ul>
 *   <li>{@link io.millrace.budget.ClientMemory} is the node's: a capacity in bytes. Requests for memory stay within it;
 *       bytes that are already in memory are counted even beyond it.
 *   <li>{@link io.millrace.budget.Share} is one connection's part of it.
 *   <li>{@link io.millrace.budget.Hold} is for one object: a body being received, a page read ahead, a chunk being
 *       sent. It is closed when its memory is free again, which may be after its connection has closed.
 * </ul>
 *
 * <p>A caller that is refused memory refuses its client or, with a {@link io.millrace.budget.Waiter}, postpones its
 * read.
 */
@ApplicationModule(
        displayName = "budget",
        allowedDependencies = {"time"})
@NullMarked
package io.millrace.budget;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
