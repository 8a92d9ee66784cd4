/**
 * The audit log: who asked for what that changes more than records, and whether it was allowed. It is a topic, so all
 * that can be done with records can be done with it. It hears of decisions where all are made, so no protocol and no
 * operation can be left out; it does not say whether what was allowed then succeeded.
 *
 * <ul>
 *   <li><b>The topic is away, or PostgreSQL:</b> entries wait, at most 10,000; more are counted and lost.
 *   <li><b>This node:</b> what it has not appended yet is lost. It appends within a moment, and before it shuts down.
 * </ul>
 */
@ApplicationModule(
        displayName = "audit",
        allowedDependencies = {"access", "append", "background", "event", "json", "security", "time", "topic"})
@NullMarked
package io.millrace.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
