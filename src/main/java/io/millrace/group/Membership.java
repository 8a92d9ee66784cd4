package io.millrace.group;

import io.millrace.cluster.Node;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A member with a connection to this node. Its listener is called, by any thread, whenever {@link #assignment()} or
 * {@link #state()} has changed. Safe for all threads.
 *
 * <p>The code that serves the connection keeps these rules: it delivers only from partitions of the assignment that are
 * not being revoked, and only while {@link #mayDeliver()}; it gives up revoked partitions by {@link #release}, once the
 * client has committed what it received or the time for that is over.
 */
public final class Membership implements AutoCloseable {

    /** Whether a membership has ended, and how. */
    public enum State {
        ACTIVE,
        /** The node lost its lease, or the member was expelled or has left: it may join anew. */
        LOST,
        /** Another member of the same instance has taken its place. */
        REPLACED
    }

    private final String group;
    private final String nodeName;
    private final GroupChanges changes;
    private final CommitQueue commits;
    private final LocalMembers members;
    private final Node node;
    private final Runnable listener;
    private final boolean isStatic;
    private volatile Assignment assignment;
    private volatile State state = State.ACTIVE;

    Membership(
            String group,
            String nodeName,
            GroupChanges changes,
            CommitQueue commits,
            LocalMembers members,
            Node node,
            boolean isStatic,
            Runnable listener,
            Assignment assignment) {
        this.group = group;
        this.nodeName = nodeName;
        this.changes = changes;
        this.commits = commits;
        this.members = members;
        this.node = node;
        this.isStatic = isStatic;
        this.listener = listener;
        this.assignment = assignment;
    }

    public String group() {
        return group;
    }

    public String memberId() {
        return assignment.memberId();
    }

    /** What the member owns, as far as this node knows. */
    public Assignment assignment() {
        return assignment;
    }

    public State state() {
        return state;
    }

    /** Whether the partitions are certainly still the member's. Cheap: asked before every delivery. */
    public boolean mayDeliver() {
        return state == State.ACTIVE && node.holds(nodeName);
    }

    /**
     * Commits positions, all or none. Does not block.
     *
     * @return completes when they are stored; fails with a {@link HubException}: {@link HubError#STALE_MEMBER_EPOCH}
     *     for partitions that the member does not own, or did not own at the epoch of their position,
     *     {@link HubError#MEMBER_FENCED}, {@link HubError#UNKNOWN_GROUP}, {@link HubError#OVERLOADED},
     *     {@link HubError#STORAGE_UNAVAILABLE}, {@link HubError#OUTCOME_UNKNOWN}
     */
    public CompletableFuture<Void> commit(List<OffsetCommit> positions) {
        if (state != State.ACTIVE) {
            return CompletableFuture.failedFuture(fenced());
        }
        Assignment now = assignment;
        List<CommitQueue.Row> rows =
                positions.stream().map(position -> row(now, position)).toList();
        // No check of the ends: offsets that were delivered lie within their partitions.
        CommitQueue.Request request = new CommitQueue.Request(group, now.memberId(), OptionalLong.empty(), rows, false);
        return commits.commit(request).thenAccept(verdicts -> {
            if (!verdicts.stream().allMatch(CommitVerdict::isStored)) {
                members.check();
            }
            CommitVerdict.check(positions, verdicts, CommitVerdict::notOwned);
        });
    }

    /** The partition as this node knows it, which may be out of date: the statement decides. */
    private static CommitQueue.Row row(Assignment now, OffsetCommit position) {
        return now.find(position.name())
                .map(mine -> new CommitQueue.Row(
                        position.epoch().isEmpty() ? position.since(mine.epoch()) : position, mine.partitionId()))
                .orElseGet(() -> new CommitQueue.Row(position, CommitQueue.NO_PARTITION));
    }

    /** Gives up partitions that the member was asked to give up. Others are left alone. */
    public CompletableFuture<Void> release(Set<TopicPartition> partitions) {
        String member = memberId();
        return changes.make(group, false, state -> state.release(member, offset -> partitions.contains(offset.name())));
    }

    /** Leaves for good, a static member too. */
    public void leave() {
        String member = memberId();
        members.remove(this);
        members.departs(changes.make(group, false, state -> state.leave(member)));
    }

    /** The connection has ended: the member leaves, a static one stays for its session timeout. */
    @Override
    public void close() {
        if (isStatic) {
            String member = memberId();
            members.remove(this);
            members.departs(changes.make(group, false, state -> state.disconnect(member)));
        } else {
            leave();
        }
    }

    String nodeName() {
        return nodeName;
    }

    boolean isStatic() {
        return isStatic;
    }

    void assigned(Assignment now) {
        if (!now.equals(assignment)) {
            assignment = now;
            listener.run();
        }
    }

    void ended(State reason) {
        if (state == State.ACTIVE) {
            state = reason;
            listener.run();
        }
    }

    static HubException fenced() {
        return new HubException(
                HubError.MEMBER_FENCED,
                "the member no longer belongs to the group; its partitions may be assigned to others");
    }
}
