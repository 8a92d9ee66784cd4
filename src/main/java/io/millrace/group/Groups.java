package io.millrace.group;

import io.millrace.cluster.Node;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.TopicPartition;
import io.millrace.event.Violation;
import io.millrace.topic.TopicCatalogue;
import io.millrace.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Membership in groups, for every protocol and on any node. Every method blocks unless it says otherwise; all are safe
 * for any thread.
 */
@Component
public class Groups {

    /** Calls that a member is asked to make within its session timeout: it may lose all but one of them. */
    private static final int HEARTBEATS_PER_SESSION = 3;

    private final GroupStore store;
    private final MemberStore memberStore;
    private final GroupChanges changes;
    private final LocalMembers members;
    private final WaitingMembers waiting;
    private final Node node;
    private final CommitQueue commits;
    private final TopicCatalogue catalogue;
    private final GroupProperties properties;

    Groups(
            GroupStore store,
            MemberStore memberStore,
            GroupChanges changes,
            LocalMembers members,
            WaitingMembers waiting,
            Node node,
            CommitQueue commits,
            TopicCatalogue catalogue,
            GroupProperties properties) {
        this.store = store;
        this.memberStore = memberStore;
        this.changes = changes;
        this.members = members;
        this.waiting = waiting;
        this.node = node;
        this.commits = commits;
        this.catalogue = catalogue;
        this.properties = properties;
    }

    /**
     * Joins a member that has a connection to this node. In topics that are new to the group it begins where the
     * request says, as of now: nothing produced from here on is missed.
     *
     * @param changed called by any thread when the membership has changed; must not block
     * @throws HubException {@link HubError#INVALID_REQUEST}, {@link HubError#UNKNOWN_TOPIC},
     *     {@link HubError#INCONSISTENT_ASSIGNOR}, {@link HubError#STORAGE_UNAVAILABLE},
     *     {@link HubError#OUTCOME_UNKNOWN}
     */
    public Membership join(JoinRequest request, Runnable changed) {
        check(request);
        String name = node.name();
        if (!node.holds(name)) {
            throw new HubException(HubError.STORAGE_UNAVAILABLE, "this node is out of touch with PostgreSQL");
        }
        String memberId = newMemberId();
        members.joining(memberId);
        try {
            GroupChanges.await(changes.make(
                    request.group(),
                    true,
                    state -> state.join(request, memberId, name, sessionTimeout(request), properties.maxMembers())));
            Membership member = new Membership(
                    request.group(),
                    name,
                    changes,
                    commits,
                    members,
                    node,
                    request.instanceId() != null,
                    changed,
                    assignment(request.group(), memberId));
            members.add(member);
            return member;
        } finally {
            members.joined(memberId);
        }
    }

    /** Joins a member that has no connection and lives by {@link #heartbeat}; fails as {@link #join} does. */
    public Joined joinDetached(JoinRequest request) {
        check(request);
        String memberId = newMemberId();
        int timeout = sessionTimeout(request);
        GroupChanges.await(changes.make(
                request.group(), true, state -> state.join(request, memberId, null, timeout, properties.maxMembers())));
        Heartbeat first = heartbeat(request.group(), memberId, OptionalLong.empty(), Duration.ZERO);
        return new Joined(first.assignment(), Duration.ofMillis(timeout), first.interval());
    }

    /**
     * A sign of life, which also acknowledges the assignment of an epoch: partitions that the member was asked to give
     * up by then are released now.
     *
     * @param epoch the newest that the member knows; empty for the last that it was told
     * @param extra added to the session timeout, for a call that itself waits that long
     * @return what the member owns now; it should commit partitions that are {@link Owned#revoking()} before its next
     *     call
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#MEMBER_FENCED},
     *     {@link HubError#STORAGE_UNAVAILABLE}
     */
    public Heartbeat heartbeat(String group, String memberId, OptionalLong epoch, Duration extra) {
        MemberStore.Touched touched = changes.inTransaction(() -> memberStore.touch(group, memberId, extra.toMillis()))
                .orElseThrow(() -> missing(group));
        Assignment now = assignment(group, memberId);
        long seen = epoch.orElse(touched.toldEpoch());
        // Only for members without a connection: the node that serves one releases the partitions itself, after its
        // last delivery.
        if (!touched.connected() && now.partitions().stream().anyMatch(Owned::revoking)) {
            GroupChanges.await(changes.make(
                    group,
                    false,
                    state -> state.release(memberId, offset -> {
                        Long asked = offset.revokeEpoch();
                        return asked != null && asked <= seen;
                    })));
            now = assignment(group, memberId);
        }
        return new Heartbeat(now, Duration.ofMillis(touched.sessionTimeoutMillis() / HEARTBEATS_PER_SESSION));
    }

    /**
     * What a member owns right now.
     *
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#MEMBER_FENCED},
     *     {@link HubError#STORAGE_UNAVAILABLE}
     */
    public Assignment assignment(String group, String memberId) {
        return changes.inTransaction(() -> memberStore.assignment(group, memberId))
                .orElseThrow(() -> missing(group));
    }

    /**
     * Watches for changes of what a member owns. Does not block.
     *
     * @param known the assignment that the caller knows; a change since then counts too
     * @param changed called at most once, by any thread, when the assignment differs or the member is gone; must not
     *     block
     */
    public WaitingMember watch(Assignment known, Runnable changed) {
        return waiting.add(known, changed);
    }

    /**
     * Commits positions of a member, all or none, whichever node it is connected to.
     *
     * @param epoch the newest that the member knows; empty if it names none
     * @return the member's epoch
     * @throws HubException {@link HubError#STALE_MEMBER_EPOCH} if the member has another epoch, or for partitions that
     *     it does not own, or did not own at the epoch of their position; {@link HubError#OFFSET_BEYOND_END};
     *     {@link HubError#UNKNOWN_TOPIC}, {@link HubError#UNKNOWN_PARTITION}, {@link HubError#UNKNOWN_GROUP},
     *     {@link HubError#MEMBER_FENCED}, {@link HubError#OVERLOADED}, {@link HubError#STORAGE_UNAVAILABLE},
     *     {@link HubError#OUTCOME_UNKNOWN}
     */
    public long commit(String group, String memberId, OptionalLong epoch, List<OffsetCommit> positions) {
        if (!GroupName.isStorable(group) || !GroupName.isStorable(memberId)) {
            throw missing(group);
        }
        List<CommitQueue.Row> rows = rows(positions);
        List<CommitVerdict> verdicts = judge(group, memberId, epoch, rows);
        if (verdicts.stream().anyMatch(verdict -> verdict.kind() == CommitVerdict.Kind.NOT_OWNED)) {
            // The topic may have grown, or been created anew, on another node.
            OffsetCommit.topics(positions).forEach(catalogue::invalidate);
            List<CommitQueue.Row> fresh = rows(positions);
            if (!fresh.equals(rows)) {
                verdicts = judge(group, memberId, epoch, fresh);
            }
        }
        members.check();
        CommitVerdict.check(positions, verdicts, this::notOwned);
        return verdicts.getFirst().memberEpoch();
    }

    private List<CommitVerdict> judge(String group, String memberId, OptionalLong epoch, List<CommitQueue.Row> rows) {
        return GroupChanges.await(commits.commit(new CommitQueue.Request(group, memberId, epoch, rows, true)));
    }

    private List<CommitQueue.Row> rows(List<OffsetCommit> positions) {
        return positions.stream()
                .map(position -> new CommitQueue.Row(position, partitionId(position.name())))
                .toList();
    }

    private int partitionId(TopicPartition name) {
        try {
            return catalogue.require(name.topic()).partitionId(name.partition());
        } catch (HubException unknown) {
            if (unknown.error() == HubError.UNKNOWN_TOPIC || unknown.error() == HubError.UNKNOWN_PARTITION) {
                return CommitQueue.NO_PARTITION;
            }
            throw unknown;
        }
    }

    /**
     * The error for positions in partitions that the member does not own; for a partition that does not exist, the
     * error says so.
     *
     * @param indexes of the positions in their request, at least one
     */
    public HubException notOwned(List<OffsetCommit> positions, List<Integer> indexes) {
        int first = indexes.getFirst();
        TopicPartition name = positions.get(first).name();
        try {
            catalogue.require(name.topic()).partitionId(name.partition());
        } catch (HubException unknown) {
            return unknown.with(List.of(
                    new Violation(Place.field("offsets", first), unknown.error().code(), unknown.detail())));
        }
        return CommitVerdict.notOwned(positions, indexes);
    }

    /**
     * Removes a member, whichever node it is connected to.
     *
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#MEMBER_FENCED},
     *     {@link HubError#STORAGE_UNAVAILABLE}, {@link HubError#OUTCOME_UNKNOWN}
     */
    public void leave(String group, String memberId) {
        assignment(group, memberId);
        GroupChanges.await(changes.make(group, false, state -> state.leave(memberId)));
    }

    /** Has this node look at its members' groups now rather than in the next round. Does not block. */
    public void refresh() {
        members.check();
    }

    private HubException missing(String group) {
        return changes.inTransaction(() -> store.exists(group)) ? Membership.fenced() : GroupName.unknown();
    }

    private void check(JoinRequest request) {
        GroupName.check(request.group(), Place.field("group"));
        checkInstanceId(request.instanceId());
        for (int i = 0; i < request.topics().size(); i++) {
            String name = request.topics().get(i);
            if (!Topics.isSubscribable(name)) {
                String detail = "no topic can have this name; in a pattern, * stands for any run of characters";
                throw new HubException(
                        HubError.INVALID_TOPIC_NAME, Place.field("topics", i), "invalid_topic_name", detail);
            }
            if (!Topics.isPattern(name)) {
                checkExists(name, Place.field("topics", i));
            }
        }
        sessionTimeout(request);
    }

    private static void checkInstanceId(@Nullable String instanceId) {
        if (instanceId != null && !GroupName.isValid(instanceId)) {
            String detail = "an instance id is " + GroupName.RULE;
            throw new HubException(HubError.INVALID_REQUEST, Place.field("instance_id"), "invalid_instance_id", detail);
        }
    }

    private void checkExists(String topic, Place place) {
        try {
            catalogue.require(topic);
        } catch (HubException refusal) {
            throw refusal.error() == HubError.UNKNOWN_TOPIC
                    ? refusal.with(List.of(new Violation(place, refusal.error().code(), refusal.detail())))
                    : refusal;
        }
    }

    private int sessionTimeout(JoinRequest request) {
        Duration asked = request.sessionTimeout() == null ? properties.sessionTimeout() : request.sessionTimeout();
        if (asked.compareTo(properties.minSessionTimeout()) < 0
                || asked.compareTo(properties.maxSessionTimeout()) > 0) {
            String detail =
                    "a session timeout is " + properties.minSessionTimeout().toMillis() + " to "
                            + properties.maxSessionTimeout().toMillis() + " ms";
            throw new HubException(
                    HubError.INVALID_REQUEST, Place.field("session_timeout_ms"), "invalid_session_timeout", detail);
        }
        return Math.toIntExact(asked.toMillis());
    }

    private static String newMemberId() {
        return UUID.randomUUID().toString();
    }
}
