/**
 * Producing: the one use case by which records get into the log, whatever the protocol. A protocol keeps two functions,
 * bytes to records and result to bytes, and calls {@link io.millrace.produce.Producing} in between, which
 *
 * <ol>
 *   <li>asks whether the caller may write to the topic,
 *   <li>finds the topic, in this node's memory or, off the event loop, in the database,
 *   <li>checks that no record is larger than the topic allows,
 *   <li>has the records appended, all of them or none.
 * </ol>
 *
 * <p>A topic that turns out to have been deleted is forgotten where that is found out, in {@code append}: another one
 * may bear its name, and the next request looks.
 *
 * <p>Nothing here waits for a commit: results are futures that the lanes complete. What a node that dies has not
 * acknowledged may or may not be stored; what it has acknowledged is.
 */
@ApplicationModule(
        displayName = "produce",
        allowedDependencies = {"append", "edge", "event", "security", "topic"})
@NullMarked
package io.millrace.produce;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
