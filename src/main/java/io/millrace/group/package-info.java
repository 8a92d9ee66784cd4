/**
 * Consumer groups: the members of a group, the partitions that each of them owns, and how far the group has committed.
 * All of it is rows, so any node answers any call, and a node that dies takes no state with it.
 * {@code docs/decisions/0008-groups.md} gives the reasons.
 *
 * <h2>Terms</h2>
 *
 * <ul>
 *   <li>A <b>member</b> is a row of {@code group_member}. A connected member lives by the lease of the node that serves
 *       its connection ({@link Membership}). A detached member lives by {@code expires_at}, which its reads and
 *       heartbeats extend. A static member has an instance id: the next member that joins with the same id replaces it
 *       and takes over its partitions.
 *   <li>The <b>owner</b> of a partition is the member that its row of {@code committed_offset} names. The same row
 *       holds the group's offset, so it is also the fence of commits.
 *   <li>A group's <b>epoch</b> rises by one with each transaction in which a member joins or leaves, or in which what
 *       it owns or has to release changes. A member's epoch is the group's at the last such change that concerned it.
 *       {@code owner_epoch} is the group's when the partition became the owner's, {@code revoke_epoch} when the owner
 *       was asked to release it.
 *   <li>A <b>change</b> ({@link GroupChange}) edits a {@link GroupState} under the lock of the group's row. Members
 *       that are no longer alive are expelled before it, and a {@link Reassignment} follows it, in the same
 *       transaction.
 * </ul>
 *
 * <h2>States</h2>
 *
 * <pre>{@code
 * A member:
 *
 *   join with a connection                      join without one
 *          |     connection of a static member          |
 *          v     ends, or its node shuts down           v
 *      CONNECTED ---------------------------------> DETACHED
 *          |  leaves; is replaced;                      |  leaves; is replaced;
 *          |  its node's lease runs out;                |  makes no call for its
 *          |  connection of a dynamic member ends       |  session timeout
 *          v                                            v
 *        GONE (no row: its calls and commits are refused)
 *
 * A partition in a group:
 *
 *          subscribed to        assigned        owner is asked to release it
 *   no row --------------> FREE ---------> OWNED ----------------------------> REVOKING
 *                           ^                |                                    |
 *                           | owner is gone  |      owner releases it or is gone  |
 *                           +----------------+------------------------------------+
 * }</pre>
 *
 * FREE has no {@code owner}, OWNED has one, REVOKING has a {@code revoke_epoch} too. A reset, and a static member that
 * replaces another, lead to OWNED with a new {@code owner_epoch}. If a topic is deleted that members subscribe to, the
 * rows of its partitions are removed, whatever their state.
 *
 * <h2>Invariants</h2>
 *
 * <ol>
 *   <li>Changes of one group are serial: {@link GroupChanges} makes them, under the lock of {@code lock-group.sql}.
 *       Without that lock, {@code commit-offsets.sql} stores offsets and {@code touch-member.sql} extends a member's
 *       life; neither adds or removes members or changes owners.
 *   <li>A partition has at most one owner: it is one column of one row. {@link GroupState#move} assigns free partitions
 *       and only asks the owners of others: an owner keeps a partition until it releases it, or is gone or replaced.
 *   <li>Only the owner commits: {@code commit-offsets.sql} locks the row and compares its owner, and the epoch that the
 *       position names, in the statement that stores. A request is stored whole or not at all.
 *   <li>A commit never moves an offset back ({@code commit-offsets.sql}). A reset may
 *       ({@code update-next-offsets.sql}), and gives the owner a new {@code owner_epoch}: later commits with the old
 *       epoch are refused.
 *   <li>An instance id has at most one member: {@link GroupState#join}, and the index {@code group_member_instance}.
 *   <li>A node delivers for a member only while {@link Membership#mayDeliver}: the node stops trusting its lease a
 *       while before the lease runs out in PostgreSQL and others may expel the member.
 * </ol>
 *
 * <h2>Threads</h2>
 *
 * {@link Groups} blocks its callers, unless a method says otherwise; {@link Membership} does not, and answers with
 * futures. {@link GroupChanges} runs one virtual thread for each group, for as long as the group has changes to make.
 * The loops are {@code group-commits} ({@link CommitQueue}), {@code group-members} ({@link EpochWatch}, which tells
 * {@link LocalMembers} and {@link WaitingMembers} of changes) and {@code group-sweep} ({@link GroupSweep}).
 *
 * <h2>Failures</h2>
 *
 * <ul>
 *   <li><b>PostgreSQL is away:</b> changes and commits fail with {@code storage_unavailable} or
 *       {@code outcome_unknown}. Nothing is delivered to connected members once their node no longer trusts its lease.
 *       If the node renews too late, it goes on under a new name and its members are {@link Membership.State#LOST}:
 *       they join anew. Detached members whose time has run out meanwhile are expelled.
 *   <li><b>A node dies:</b> when its lease has run out, the {@link GroupSweep} of any other node expels its members. A
 *       node that shuts down ends its memberships first ({@link GroupDeparture}). A node that freezes within a
 *       transaction loses its session, and with it the locks, after the time of a lease.
 *   <li><b>A client is gone:</b> the end of its connection ends the membership. A detached member is expelled by the
 *       next sweep after its session timeout; until then it keeps its partitions, those that it was asked to release
 *       too.
 *   <li><b>A notification is lost:</b> {@link EpochWatch#look} finds the change within
 *       {@code millrace.cluster.poll-interval}.
 *   <li><b>A member's row is left behind</b> by a join or a departure that failed: {@link GroupSweep} removes it.
 * </ul>
 */
@ApplicationModule(
        displayName = "group",
        allowedDependencies = {
            "assignor",
            "background",
            "cluster",
            "database",
            "event",
            "eventlog",
            "logging",
            "security",
            "time",
            "topic"
        })
@NullMarked
package io.millrace.group;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
