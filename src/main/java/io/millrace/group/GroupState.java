package io.millrace.group;

import io.millrace.assignor.AssignorName;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A group while its row is locked: what was read, changed in memory, to be written back at once. Changes come first, a
 * {@link Reassignment} last; it hands out what is free and asks for what is to move.
 *
 * <p>A partition changes hands in steps, each a change of its own: its owner is asked to let go ({@code revokeEpoch});
 * it releases the partition, leaves or is expelled; only then does the partition become another member's. So at no
 * moment does it have two owners.
 */
public final class GroupState {

    private final int groupId;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<Integer, GroupOffset> offsets = new LinkedHashMap<>();
    private final Map<String, StartPosition> joined = new LinkedHashMap<>();
    private final Set<String> left = new HashSet<>();
    private final Set<String> detached = new HashSet<>();
    private final Set<String> affected = new HashSet<>();
    private final Set<Integer> changed = new HashSet<>();
    private final Set<Integer> added = new HashSet<>();
    private final Set<Integer> removed = new HashSet<>();
    private final Set<Integer> reset = new HashSet<>();
    private AssignorName assignor;
    private final long readEpoch;
    private long catalogueVersion;
    private boolean deleted;

    GroupState(
            int groupId,
            AssignorName assignor,
            long epoch,
            long catalogueVersion,
            List<Member> members,
            List<GroupOffset> offsets) {
        this.groupId = groupId;
        this.assignor = assignor;
        this.readEpoch = epoch;
        this.catalogueVersion = catalogueVersion;
        members.forEach(member -> this.members.put(member.id(), member));
        offsets.forEach(offset -> this.offsets.put(offset.partitionId(), offset));
    }

    int groupId() {
        return groupId;
    }

    AssignorName assignor() {
        return assignor;
    }

    /** The epoch that is to be written: one more than was read if anybody has to hear of a change. */
    long epoch() {
        return affected.isEmpty() ? readEpoch : readEpoch + 1;
    }

    long catalogueVersion() {
        return catalogueVersion;
    }

    Collection<Member> members() {
        return members.values();
    }

    public Collection<GroupOffset> offsets() {
        return offsets.values();
    }

    // What is to be written.

    Set<String> left() {
        return left;
    }

    Set<String> joined() {
        return joined.keySet();
    }

    Set<String> detached() {
        return detached;
    }

    /** Members that were there before and whose epoch is new. */
    Set<String> affected() {
        Set<String> known = new HashSet<>(affected);
        known.retainAll(members.keySet());
        known.removeAll(joined.keySet());
        return known;
    }

    List<GroupOffset> added() {
        return added.stream().map(offsets::get).toList();
    }

    List<GroupOffset> changed() {
        return changed.stream()
                .filter(id -> !added.contains(id) && offsets.containsKey(id))
                .map(offsets::get)
                .toList();
    }

    List<GroupOffset> resets() {
        return reset.stream().map(offsets::get).toList();
    }

    Set<Integer> removed() {
        return removed;
    }

    boolean deleted() {
        return deleted;
    }

    // Changes.

    /** Expels every member whose time has run out. */
    void expelDead() {
        List.copyOf(members.values()).stream().filter(member -> !member.alive()).forEach(member -> leave(member.id()));
    }

    /**
     * Takes a member in. A static one takes the place of the member of the same instance, with its partitions; that one
     * is fenced from then on.
     *
     * @param nodeId the node that serves its connection; null for a member without one
     * @throws HubException {@link HubError#INCONSISTENT_ASSIGNOR}, {@link HubError#OVERLOADED}
     */
    void join(JoinRequest request, String memberId, @Nullable String nodeId, int sessionTimeoutMillis, int most) {
        AssignorName wanted = request.assignor();
        if (wanted != null && wanted != assignor) {
            if (!members.isEmpty()) {
                throw new HubException(
                        HubError.INCONSISTENT_ASSIGNOR, "the members of the group use " + assignor.code());
            }
            assignor = wanted;
        }
        Member before = instance(request.instanceId());
        if (before == null && members.size() >= most) {
            throw new HubException(HubError.OVERLOADED, "a group has at most " + most + " members");
        }
        Member member = new Member(
                memberId,
                request.instanceId(),
                request.protocol(),
                nodeId,
                sessionTimeoutMillis,
                request.topics(),
                0,
                true);
        if (before != null) {
            replace(before, member);
        }
        members.put(memberId, member);
        joined.put(memberId, request.from());
        affected.add(memberId);
    }

    private @Nullable Member instance(@Nullable String instanceId) {
        return instanceId == null
                ? null
                : members.values().stream()
                        .filter(member -> instanceId.equals(member.instanceId()))
                        .findFirst()
                        .orElse(null);
    }

    private void replace(Member before, Member successor) {
        affected.add(successor.id());
        owned(before.id()).forEach(offset -> put(offset.ownedBy(successor.id(), epoch())));
        leave(before.id());
    }

    /** Takes a member out; does nothing when it is none. */
    void leave(String memberId) {
        Member member = members.remove(memberId);
        if (member != null) {
            affected.add(memberId);
            if (joined.remove(memberId) == null) {
                left.add(memberId);
            }
            owned(memberId).forEach(offset -> put(offset.ownedBy(null, offset.ownerEpoch())));
        }
    }

    /** The connection of a member has ended: a static one stays for its session timeout, another one leaves. */
    void disconnect(String memberId) {
        Member member = members.get(memberId);
        if (member != null && member.instanceId() != null) {
            detached.add(memberId);
        } else {
            leave(memberId);
        }
    }

    /**
     * A member lets go of what it was asked to give up.
     *
     * @param which of the partitions that it owns
     */
    void release(String memberId, Predicate<GroupOffset> which) {
        owned(memberId).stream()
                .filter(offset -> offset.revokeEpoch() != null && which.test(offset))
                .forEach(offset -> {
                    affected.add(memberId);
                    put(offset.ownedBy(null, offset.ownerEpoch()));
                });
    }

    /**
     * Moves the group to other offsets. Whoever owns the partitions is given them anew, at the new offset, and what it
     * commits on the strength of the old assignment is refused.
     */
    public void reset(Map<Integer, Long> nextOffsets) {
        nextOffsets.forEach((partitionId, nextOffset) -> {
            GroupOffset offset = offsets.get(partitionId);
            if (offset != null) {
                String owner = offset.owner();
                if (owner != null) {
                    affected.add(owner);
                    offset = offset.ownedBy(owner, epoch());
                    changed.add(partitionId);
                }
                offsets.put(partitionId, offset.at(nextOffset));
                reset.add(partitionId);
            }
        });
    }

    /** @throws HubException {@link HubError#GROUP_NOT_EMPTY} */
    public void delete() {
        if (!members.isEmpty()) {
            throw new HubException(HubError.GROUP_NOT_EMPTY, "the group has " + members.size() + " members");
        }
        deleted = true;
    }

    // What settling does, see Reassignment.

    /** All names and patterns that members subscribe to. */
    Set<String> subscribed() {
        Set<String> names = new HashSet<>();
        members.values().forEach(member -> names.addAll(member.topics()));
        return names;
    }

    /** Where members that have just joined want to begin, in the order in which they came. */
    Map<String, StartPosition> joinedFrom() {
        return joined;
    }

    /** Gives a partition an offset that has none. */
    void begin(int partitionId, TopicPartition name, long nextOffset) {
        offsets.put(partitionId, new GroupOffset(partitionId, name, nextOffset, null, null, null, 0, null));
        added.add(partitionId);
    }

    /** Forgets a partition that is no more. */
    void forget(GroupOffset offset) {
        offsets.remove(offset.partitionId());
        removed.add(offset.partitionId());
        String owner = offset.owner();
        if (owner != null) {
            affected.add(owner);
        }
    }

    /**
     * Gives partitions that are nobody's to members, and asks the owners of others to let go.
     *
     * @param target the member that each of them is to have; one that is left out is to have none
     */
    void move(List<GroupOffset> moving, Map<TopicPartition, String> target) {
        // First who is affected, as the new epoch depends on whether anybody is.
        for (GroupOffset offset : moving) {
            String owner = offset.owner();
            String next = target.get(offset.name());
            if (owner != null) {
                affected.add(owner);
            } else if (next != null) {
                affected.add(next);
            }
        }
        for (GroupOffset offset : moving) {
            put(offset.owner() == null ? offset.ownedBy(target.get(offset.name()), epoch()) : offset.revoked(epoch()));
        }
    }

    /** The assignment is made for the topics of this version of the catalogue. */
    void settled(long version) {
        catalogueVersion = version;
    }

    private List<GroupOffset> owned(String memberId) {
        return offsets.values().stream()
                .filter(offset -> memberId.equals(offset.owner()))
                .toList();
    }

    private void put(GroupOffset offset) {
        offsets.put(offset.partitionId(), offset);
        changed.add(offset.partitionId());
    }
}
