/**
 * The log as rows: partition heads, batches of records, and segments. This package owns these tables and all SQL on
 * them; it knows partitions by id and nothing of topics. {@code docs/decisions/0001-log-layout.md} and
 * {@code docs/decisions/0012-appends-lock-heads-only.md} say why the tables look as they do.
 *
 * <h2>Terms</h2>
 *
 * <ul>
 *   <li>A <b>head</b> is a partition's row in {@code partition_head}. It names the segment of the next batch and, in
 *       {@code segment_offset}, where the partition ended when it moved to that segment.
 *   <li>A <b>batch</b> is a row of {@code record_batch}: records of one partition, column by column. In memory it is a
 *       {@link io.millrace.eventlog.RecordBatch}; before it has offsets it is a {@link io.millrace.eventlog.Slice},
 *       whose outcome is a {@link io.millrace.eventlog.Verdict}.
 *   <li>A <b>segment</b> is one table of {@code record_batch}, shared by all partitions. {@code segment_start} holds
 *       the offset at which each partition begins in each segment.
 *   <li>A partition's <b>end</b> is stored nowhere. It follows the last batch in the head's segment or, if there is
 *       none yet, is {@code segment_offset}. {@link io.millrace.eventlog.PartitionBounds} keeps the end, the high
 *       watermark and the last stable offset apart, although they are still the same.
 * </ul>
 *
 * <h2>States</h2>
 *
 * <pre>{@code
 * segment   created --> newest ---------------------> closing ---------------> sealed --------------> retired --> dropped
 *                      appends go here  max-size or    heads move   no head    frozen,   all dead, or
 *                                       max-age        to newest    is left    counted   replaced
 *
 *           filling --> sealed: it replaces others, whose live batches have been copied to it
 *
 * head      created --> in the newest segment <--------------------> in an older segment
 *                         |                    a segment is created,   |
 *                         |                    the head is moved       |
 *                         +-----------------> deleted <----------------+
 * }</pre>
 *
 * {@link io.millrace.eventlog.SegmentRoller} drives both up to there: it creates the next segment and moves at most 100
 * heads in each transaction. {@link io.millrace.eventlog.SegmentCompressor} sets the compression of the newest segment.
 * The package {@code segment} does the rest; what is dead in a segment are batches before their partition's start, and
 * those of partitions that have been deleted.
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li><b>The order of offsets is the order of commits, without gaps.</b> {@code append-batches.sql} locks the heads
 *       to the commit; its second statement looks up the last batches and inserts the next. It needs a snapshot for
 *       each statement, so {@code DedicatedConnections} sets {@code read committed}.
 *   <li><b>Batches are only inserted.</b> An append locks its heads and changes nothing in them, so no statement leaves
 *       dead versions at the rate of appends.
 *   <li><b>A sealed segment never grows.</b> An append finds its segment in the head that it locks;
 *       {@code move-heads.sql} changes that under the same lock, and writes {@code segment_start} in the same
 *       transaction.
 *   <li><b>The oldest segment that a head names never goes back.</b> Heads move to the newest segment, and
 *       {@code millrace.create_partitions} locks {@code segment} in share mode, so no segment begins until its
 *       partitions are committed. So {@link io.millrace.eventlog.OpenSegments} may remember that segment.
 *   <li><b>A batch is part of the log if {@code segment_start} has a row of its partition and segment.</b> A segment
 *       takes the place of others when these rows change, in one transaction, which also raises the version in
 *       {@code log_layout}. A read by {@link io.millrace.eventlog.SegmentStarts} names a segment and that version, and
 *       finds nothing in another version: so it never skips what was moved.
 *   <li><b>A start never goes back,</b> and a sealed segment is dropped only when no start lies before its end.
 *   <li><b>Lock order:</b> heads in ascending order of partition id: {@code append-batches.sql},
 *       {@code lock-heads-behind.sql} and {@code lock-partitions.sql}, each before it changes anything. A commit of
 *       more than 64 slices sends several statements in one transaction, in the same order. Then rows of
 *       {@code segment_start} in ascending order of partition and segment.
 *   <li><b>One node at a time</b> creates segments, and one at a time cleans: {@code ClusterLock}, an advisory lock.
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * Each {@link io.millrace.eventlog.LogWriter} belongs to one thread, a lane of {@code append}, with a connection of its
 * own. {@link io.millrace.eventlog.LogReader} and {@link io.millrace.eventlog.Partitions} block, on pooled connections,
 * for any thread. Lanes call {@link io.millrace.eventlog.CommitListener}, the thread of {@code ChangeFeed} calls
 * {@link io.millrace.eventlog.PartitionWatcher}: neither may block. The roller has a loop of its own.
 *
 * <h2>What is gone</h2>
 *
 * <ul>
 *   <li><b>PostgreSQL:</b> an append fails with {@link io.millrace.eventlog.AppendFailedException}, which says whether
 *       the records may be stored: not if nothing was sent or the server reported an error, possibly if the connection
 *       broke or the backend was ended. Reads throw Spring's exceptions, which the callers translate. The roller's loop
 *       tries again.
 *   <li><b>A standby takes over:</b> commits wait for no standby ({@code synchronous_commit = local}), so the newest
 *       batches that nobody waited for may be lost. {@link io.millrace.eventlog.LeaderEpochs} raises the epoch before
 *       anything is appended, so that readers notice; {@link io.millrace.eventlog.HighWatermarks} keeps readers of
 *       topics that ask for more copies from seeing what may be lost.
 *   <li><b>A node:</b> PostgreSQL rolls back its open transactions, which frees their locks. Heads that it left in a
 *       closing segment are moved by the next round of any node. A lane or a roller that freezes inside a transaction
 *       loses its session after 10 s.
 *   <li><b>A notification:</b> {@link io.millrace.eventlog.PartitionChanges} looks at the watched partitions every
 *       {@code millrace.cluster.poll-interval}, less often if looking takes long.
 *   <li><b>A client:</b> nothing here knows of clients. What has been sent to PostgreSQL is committed, whether or not a
 *       client still waits.
 * </ul>
 */
@ApplicationModule(
        displayName = "eventlog",
        allowedDependencies = {"background", "cluster", "database", "event", "replication", "time"})
@NullMarked
package io.millrace.eventlog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
