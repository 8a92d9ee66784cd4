/**
 * Producing: the one use case by which records get into the log, whatever the protocol. A protocol keeps two functions,
 * bytes to records and result to bytes, and calls {@link io.millrace.produce.Producing} in between, which
 *
 * <ol>
 *   <li>asks whether the caller may write to the topic,
 *   <li>finds the topic, in this node's memory or, off the event loop, in the database.
 * </ol>
 *
 * The {@link io.millrace.produce.TopicProducer} that it returns then, for each call,
 *
 * <ol>
 *   <li>refuses {@code acks=all}, since the hub has no synchronous standby yet,
 *   <li>refuses records that are larger than the topic allows,
 *   <li>has the records appended.
 * </ol>
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li><b>All records of a call are stored, or none.</b> {@code append} stores them in one transaction.
 *   <li><b>What one thread produces first to a topic gets the lower offsets.</b> A topic's requests share a lane.
 *   <li><b>Acknowledged records have been flushed by the primary,</b> except with {@code acks=0}: that is acknowledged
 *       when the request is queued, and failures of its commit are not reported.
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * {@code knows}, {@code known} and {@code produce} never block, so event loops may call them. {@code require} may
 * block. Nothing here waits for a commit: results are futures that lanes complete, so what is chained to them runs on a
 * lane's thread and must not block.
 *
 * <h2>What is gone</h2>
 *
 * <ul>
 *   <li><b>The topic:</b> the request fails with {@code unknown_topic}. {@code append} also makes the catalogue forget
 *       the topic: another one may have its name, and the next request looks it up.
 *   <li><b>PostgreSQL:</b> {@code storage_unavailable} if nothing was stored, {@code outcome_unknown} if it went away
 *       during the commit. While the lane has no connection, requests are refused at once.
 *   <li><b>This node:</b> what it has not acknowledged may or may not be stored.
 *   <li><b>The client:</b> its queued records are stored all the same.
 * </ul>
 */
@ApplicationModule(
        displayName = "produce",
        allowedDependencies = {"append", "edge", "event", "security", "topic"})
@NullMarked
package io.millrace.produce;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
