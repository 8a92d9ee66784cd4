package io.millrace.group;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The members that this node serves, told of what other nodes change: one small query for all groups, and one more for
 * those that have changed. One thread calls {@link #round} again and again.
 */
final class LocalMembers {

    private final MemberStore store;
    private final Map<String, Membership> members = new ConcurrentHashMap<>();
    private final Map<Integer, Long> seen = new HashMap<>();

    private final Set<String> joining = ConcurrentHashMap.newKeySet();

    /** Groups with a member that may not know what a round has told the others. */
    private final Set<Integer> joined = ConcurrentHashMap.newKeySet();

    private volatile Runnable waker = () -> {};

    LocalMembers(MemberStore store) {
        this.store = store;
    }

    /** @param wake asks for a round now */
    void wakeBy(Runnable wake) {
        this.waker = wake;
    }

    /** Notes that a member is about to join on this node: its row may be there before it is added. */
    void joining(String memberId) {
        joining.add(memberId);
    }

    /** The member has been added, or will not be. */
    void joined(String memberId) {
        joining.remove(memberId);
    }

    /** Whether this node serves the member or is about to. */
    boolean knows(String memberId) {
        // In this order: who has ceased to join has been added before.
        return joining.contains(memberId) || members.containsKey(memberId);
    }

    void add(Membership member) {
        members.put(member.memberId(), member);
        // Between what it was told when it joined and now, anything may have happened, and been told to the others.
        joined.add(member.assignment().groupId());
        check();
    }

    void remove(Membership member) {
        members.remove(member.memberId());
    }

    int count() {
        return members.size();
    }

    Collection<Membership> all() {
        return members.values();
    }

    /** Asks for a look at the rows now. */
    void check() {
        waker.run();
    }

    /** Ends every membership that began under another name of this node. */
    void lost(String nodeId) {
        List.copyOf(members.values()).stream()
                .filter(member -> !member.nodeId().equals(nodeId))
                .forEach(member -> end(member, Membership.State.LOST));
    }

    /** Looks for changes once. */
    void round() {
        // Before the members are looked at: whoever comes behind that is for the next round.
        Set<Integer> unsure = new HashSet<>(joined);
        joined.removeAll(unsure);
        seen.keySet().removeAll(unsure);
        Map<Integer, List<Membership>> byGroup = members.values().stream()
                .collect(Collectors.groupingBy(member -> member.assignment().groupId()));
        seen.keySet().retainAll(byGroup.keySet());
        if (byGroup.isEmpty()) {
            return;
        }
        Map<Integer, Long> epochs = store.epochs(byGroup.keySet());
        Set<Integer> changed = new HashSet<>();
        byGroup.forEach((group, served) -> {
            Long epoch = epochs.get(group);
            // A member that is to give something up may do so as soon as it has committed, by whatever way.
            if (epoch == null
                    || !epoch.equals(seen.get(group))
                    || served.stream().anyMatch(LocalMembers::behind)) {
                changed.add(group);
            }
        });
        Map<String, Set<Membership>> byNode = new HashMap<>();
        changed.forEach(group -> byGroup.getOrDefault(group, List.of())
                .forEach(member -> byNode.computeIfAbsent(member.nodeId(), _ -> new HashSet<>())
                        .add(member)));
        byNode.forEach((nodeId, served) -> {
            Map<String, Assignment> owned = store.owned(nodeId, changed);
            served.forEach(member -> tell(member, owned));
        });
        changed.forEach(group -> {
            Long epoch = epochs.get(group);
            if (epoch != null) {
                seen.put(group, epoch);
            }
        });
    }

    private static boolean behind(Membership member) {
        return member.assignment().partitions().stream().anyMatch(Owned::revoking);
    }

    private void tell(Membership member, Map<String, Assignment> owned) {
        Assignment now = owned.get(member.memberId());
        if (now != null) {
            member.assigned(now);
        } else if (members.get(member.memberId()) == member) {
            // A static member whose lease holds was not expelled: another of its instance came.
            end(member, member.isStatic() && member.mayDeliver() ? Membership.State.REPLACED : Membership.State.LOST);
        }
    }

    private void end(Membership member, Membership.State reason) {
        members.remove(member.memberId());
        member.ended(reason);
    }
}
