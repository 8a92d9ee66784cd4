/**
 * The way out of the log: single reads ({@link io.millrace.fetch.PartitionReader}) and subscriptions that follow
 * partitions ({@link io.millrace.fetch.Subscription}). Why it is built so is in
 * {@code docs/decisions/0005-tail-cache-only-for-read-partitions.md}, {@code 0010-history-a-page-ahead.md} and
 * {@code 0015-answers-at-the-clients-pace.md}.
 *
 * <h2>Terms</h2>
 *
 * <ul>
 *   <li>A <b>tail</b> ({@link io.millrace.fetch.PartitionTail}) is what this node knows of one partition: its bounds,
 *       its newest batches without a gap, and the signals of those that wait for more. Tails exist only for partitions
 *       that are read here, or were within {@code millrace.fetch.idle-after}.
 *   <li>The <b>tail cache</b> ({@link io.millrace.fetch.TailCache}) holds all tails. One limit in bytes covers all
 *       their batches; the batch that came first is evicted first.
 *   <li><b>History</b> is what lies before a tail's oldest batch. It is read in <b>pages</b>, each for one reader.
 *   <li>A subscription's <b>demand</b> is how many records its consumer may take; its <b>gate</b>
 *       ({@link io.millrace.fetch.TakeGate}) makes subscriptions that share a connection take turns.
 * </ul>
 *
 * <h2>A partition in a subscription</h2>
 *
 * <pre>{@code
 *            +-------------- its next batch was evicted ---------------+
 *            v                                                         |
 * follow -> history -- page reaches the tail --> tail -- at the end --> live
 *            |  pages of its own                 |  shared batches      |  waits for its signal
 *            |                                   +<---- new records ----+
 *            +--> position outside of the bounds: Reset, goes on at the end, or where its reader has said
 *            +--> partition deleted: Removed, no longer followed
 * }</pre>
 *
 * A subscription begins wherever its position lies, and resets and removals come in every state. The state is not
 * stored: {@link io.millrace.fetch.FollowedPartition} compares its position with the tail at every poll.
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li><b>Nothing falls between history and live.</b> {@link io.millrace.fetch.Subscriptions} adds the signal to the
 *       tail, then reads the bounds ({@code select-bounds.sql}), then resolves positions.
 *       {@link io.millrace.fetch.Signal} keeps a raise that comes before the wait.
 *   <li><b>A partition's records come in order of offset, once.</b> A delivery moves the position under the
 *       subscription's lock; a page read for a position that was changed meanwhile is dropped.
 *   <li><b>Lost records are a {@code Reset}, not a gap.</b> {@link io.millrace.fetch.HistoryPage} reads the bounds
 *       after the batches: whatever retention removed meanwhile lies below that start.
 *   <li><b>Within an epoch a tail's end only rises.</b> A higher leader epoch replaces the bounds and empties the tail.
 *   <li><b>One read of new batches serves all readers.</b> {@code PartitionTail.fill} holds a lock of its own while it
 *       reads what another node has committed. A batch of this node's own commit needs no read, unless unread batches
 *       of another node precede it.
 *   <li><b>Pages are paid for before they are read.</b> {@link io.millrace.fetch.PageMemory} takes an estimate from the
 *       connection's share of the budget and corrects it afterwards. {@link io.millrace.fetch.ReadAhead} reads one page
 *       at a time, and none while two are held. All subscriptions together leave two of the pool's connections to
 *       requests, if it has more. Subscriptions for one call read nothing ahead ({@link io.millrace.fetch.ReadInTurn})
 *       and are refused with {@code overloaded} if there is no memory.
 *   <li><b>Lock order:</b> a subscription's lock, {@code PartitionTail.filling}, {@code PartitionTail.lock}. Signals
 *       are raised, and the cache is evicted, without a tail's lock.
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * Each subscription has one consumer, on a virtual thread that may block; it alone calls {@code next}, which reads from
 * PostgreSQL under the subscription's lock. Pages are read ahead on virtual threads that do not hold it. Calls from
 * other threads, such as {@code seek} and {@code pause}, wait for that lock; {@code lag}, {@code permit} and
 * {@code wake} do not.
 *
 * <p>Lanes put commits into the tails, the thread of {@code ChangeFeed} tells of other nodes' commits and of deleted
 * partitions, and the loop {@code tail-cache-sweeper} drops idle tails. None of these does I/O here.
 *
 * <h2>What is gone</h2>
 *
 * <ul>
 *   <li><b>PostgreSQL:</b> a single read that needs it fails with {@code storage_unavailable}. A subscription waits,
 *       retries every {@code millrace.fetch.retry-interval}, and goes on where it was.
 *   <li><b>Another node:</b> what it committed without telling is found by the next look at the watched partitions
 *       ({@code millrace.cluster.poll-interval}).
 *   <li><b>This node:</b> nothing is lost: everything here is a copy. Positions are in the client's cursor or in its
 *       group's commits.
 *   <li><b>A topic:</b> the same look tells that its partitions are gone.
 *   <li><b>A client:</b> its protocol closes the subscription, which gives back its memory. A subscription without
 *       demand keeps its pages for 250 ms; they are read again later.
 * </ul>
 */
@ApplicationModule(
        displayName = "fetch",
        allowedDependencies = {"background", "budget", "database", "event", "eventlog", "time", "topic"})
@NullMarked
package io.millrace.fetch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
