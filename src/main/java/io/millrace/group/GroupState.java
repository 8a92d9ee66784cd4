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
 * A group while its row is locked: read, changed in memory and written back in one transaction. Changes come first, a
 * {@link Reassignment} last, which assigns free partitions and asks for those that are to move.
 *
 * <p>A partition changes hands in steps: its owner is asked to give it up ({@code revokeEpoch}); the owner releases it,
 * leaves or is expelled; only then does the partition become another member's. Only a member that replaces a static one
 * takes over its partitions at once. So a partition never has two owners.
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

    /** The epoch to be written: one more than was read if a member is affected. */
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

    /** Members that joined earlier, are still there and get the new epoch. */
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
     * Adds a member. A static one replaces the member of the same instance and takes over its partitions; the replaced
     * one is fenced from then on.
     *
     * @param nodeId the node that serves its connection; null for a member without one
     * @throws HubException {@link HubError#INCONSISTENT_ASSIGNOR}, {@link HubError#OVERLOADED}
     */
    void join(JoinRequest request, String memberId, @Nullable String nodeId, int sessionTimeoutMillis, int maxMembers) {
        AssignorName wanted = request.assignor();
        if (wanted != null && wanted != assignor) {
            if (!members.isEmpty()) {
                throw new HubException(
                        HubError.INCONSISTENT_ASSIGNOR, "the members of the group use " + assignor.code());
            }
            assignor = wanted;
        }
        Member before = instance(request.instanceId());
        if (before == null && members.size() >= maxMembers) {
            throw new HubException(HubError.OVERLOADED, "a group has at most " + maxMembers + " members");
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

    /** Removes a member; does nothing if there is no such member. */
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

    /** The connection of a member has ended: a static one stays for its session timeout, a dynamic one leaves. */
    void disconnect(String memberId) {
        Member member = members.get(memberId);
        if (member != null && member.instanceId() != null) {
            detached.add(memberId);
        } else {
            leave(memberId);
        }
    }

    /**
     * A member releases partitions that it was asked to give up.
     *
     * @param which of these partitions
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
     * Moves the group to other offsets. The owners are given the partitions anew, at the new offsets and with a new
     * epoch; commits with the old epoch are refused.
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

    // What a Reassignment does.

    /** All names and patterns that members subscribe to. */
    Set<String> subscribed() {
        Set<String> names = new HashSet<>();
        members.values().forEach(member -> names.addAll(member.topics()));
        return names;
    }

    /** Where members that have just joined want to begin, in the order in which they joined. */
    Map<String, StartPosition> joinedFrom() {
        return joined;
    }

    /** Gives the group its first offset in a partition. */
    void begin(int partitionId, TopicPartition name, long nextOffset) {
        offsets.put(partitionId, new GroupOffset(partitionId, name, nextOffset, null, null, null, 0, null));
        added.add(partitionId);
    }

    /** Forgets a partition that no longer exists. */
    void forget(GroupOffset offset) {
        offsets.remove(offset.partitionId());
        removed.add(offset.partitionId());
        String owner = offset.owner();
        if (owner != null) {
            affected.add(owner);
        }
    }

    /**
     * Assigns free partitions to members, and asks the owners of others to give them up.
     *
     * @param target the member that is to own each partition; one that is left out is to have none
     */
    void move(List<GroupOffset> moving, Map<TopicPartition, String> target) {
        // First the affected members: the new epoch depends on whether there are any.
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
