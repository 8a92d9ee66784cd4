/**
 * Consuming: the use cases by which records leave the hub, whatever the protocol. A protocol says what its client
 * wants, and writes what it is given.
 *
 * <ul>
 *   <li>A member of a group with a connection has a {@link MemberFeed}, made by {@link MemberFeeds}, until the
 *       connection ends. It follows partitions with a {@link io.millrace.fetch.Subscription} that the protocol reads.
 *   <li>A member without a connection reads by {@link MemberCalls}: each call makes one {@link MemberCall} and keeps
 *       nothing. How far the member has read beyond its commits is in the {@link MemberCursor} that it sends. Joining,
 *       heartbeats, commits and leaving go through {@link Members}.
 *   <li>A reader without a group goes by {@link Reading} to the records of one topic ({@link TopicRecords}) or to
 *       {@link WholeTopics}, and keeps its position itself.
 * </ul>
 *
 * <h2>A partition of a feed</h2>
 *
 * {@link MemberShare} holds these states, with a deadline for each partition that is leaving and without a database.
 * {@link MemberFeed#sync} brings them in line with the assignment and tells the {@link AssignmentListener}.
 *
 * <pre>{@code
 *            assigned                    revoke asked for
 * not held -------------> FOLLOWED ---------------------------> LEAVING
 *     ^                    |   ^                                   |
 *     |   could not be     |   |  still the member's under the     |
 *     |   delivered        v   |  same epoch, after 500 ms         |
 *     |                   STOPPED                                  |
 *     |                                                            |
 *     +------------------------------------------------------------+
 *       released: all that was delivered is committed, or the revoke timeout is over
 * }</pre>
 *
 * A stopped partition is followed again from the committed offset. If it is to be given up, it leaves too, with nothing
 * left to commit. A partition that became another member's, or this member's under a new epoch, is dropped without
 * leaving. When the membership ends, all are dropped.
 *
 * <h2>Invariants</h2>
 *
 * <ol>
 *   <li>Only what is followed is delivered, and only while the membership holds: {@link MemberFeed#mayTake} is asked
 *       before records are taken from the subscription, {@link MemberFeed#mayDeliver} before they are sent.
 *   <li>With automatic commits, records are sent after their commit is stored: at most once ({@link AutomaticCommit}).
 *   <li>Through a feed, a client commits at most what was delivered or skipped, and under the epoch of that delivery:
 *       {@link MemberShare#committable}. Whether it is stored, {@code commit-offsets.sql} of {@code group} decides.
 *   <li>A partition is released when what was delivered is committed, or when {@code millrace.groups.revoke-timeout} is
 *       over: {@link MemberShare#due}. A release that fails is tried again.
 *   <li>A {@link MemberCall} reads no partition that is being revoked, and hands out nothing of a partition that the
 *       member lost while the call waited ({@link MemberCall#end}).
 *   <li>The caller's permissions are checked: a reader's when it finds a topic, a member's in each call and commit,
 *       when it joins, and when it follows partitions ({@link MemberAccess}).
 *   <li>A member whose next record has expired goes on where its {@code from} says: {@link OwnedPartitions} asks for
 *       that, for feeds and calls alike, and {@link io.millrace.fetch.Subscription} moves, at the beginning and later.
 *       {@code latest} is stored as the group's offset before the member is told
 *       ({@link OwnedPartitions#isToBeStored}).
 * </ol>
 *
 * <h2>Threads</h2>
 *
 * This package starts none. One thread uses a feed, the one that writes to the client; commits may come from another.
 * The listener of the membership only wakes the subscription, on which the feed's thread waits for
 * {@link MemberFeed#longestWait} at most. The other use cases block the caller's thread.
 *
 * <h2>Failures</h2>
 *
 * <ul>
 *   <li><b>PostgreSQL is away:</b> what a feed could not follow, release or commit automatically, it tries again every
 *       500 ms, and so it joins again after a membership was lost. An automatic commit is given up after 20 attempts,
 *       and its partition is stopped. Calls fail with the error of the storage.
 *   <li><b>The node loses its lease:</b> {@link MemberFeed#mayDeliver} is false. When the node has a new name, the
 *       client is told that its partitions were revoked ({@link RevokedReason#FENCED}) and the feed joins as a new
 *       member, at the committed offsets.
 *   <li><b>The node dies:</b> clients connect to another and join anew. Members that read by calls go on at any node.
 *   <li><b>The client is gone:</b> its protocol closes the feed: a dynamic member leaves, a static one keeps its
 *       partitions for its session timeout. So does a member that reads by calls.
 *   <li><b>The hub stops:</b> {@link MemberCalls} ends its calls' waits for a first record.
 * </ul>
 */
@ApplicationModule(
        displayName = "consume",
        allowedDependencies = {
            "assignor",
            "budget",
            "cursor",
            "event",
            "eventlog",
            "fetch",
            "group",
            "security",
            "time",
            "topic"
        })
@NullMarked
package io.millrace.consume;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
