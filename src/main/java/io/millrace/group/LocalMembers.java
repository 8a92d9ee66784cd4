package io.millrace.group;

import io.millrace.cluster.NameListener;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The members that this node serves, told of changes by any node. */
final class LocalMembers implements EpochWatch.Watcher, NameListener {

    private final MemberStore store;
    private final Map<String, Membership> members = new ConcurrentHashMap<>();
    private final Set<String> joining = ConcurrentHashMap.newKeySet();

    /** Members that may have missed what a round has told the others of their groups. */
    private final Set<Membership> unsure = ConcurrentHashMap.newKeySet();

    private volatile Runnable waker = () -> {};

    /** Whether rows may name this node for members that it does not serve. */
    private volatile boolean doubtful;

    LocalMembers(MemberStore store) {
        this.store = store;
    }

    /** @param wake asks for a round now */
    void wakeBy(Runnable wake) {
        this.waker = wake;
    }

    /** Notes that a member is about to join on this node: its row may exist before it is added here. */
    void joining(String memberId) {
        joining.add(memberId);
    }

    /** The member has been added, or could not join: its row may exist then all the same. */
    void joined(String memberId) {
        joining.remove(memberId);
        if (!members.containsKey(memberId)) {
            doubt();
        }
    }

    /** A member leaves by this change: if it fails, the member's row may stay. */
    void departs(CompletableFuture<Void> change) {
        change.whenComplete((_, failure) -> {
            if (failure != null) {
                doubt();
            }
        });
    }

    /** Whether this node serves the member or is about to. */
    boolean knows(String memberId) {
        // In this order: a member is added before it stops joining.
        return joining.contains(memberId) || members.containsKey(memberId);
    }

    void add(Membership member) {
        members.put(member.memberId(), member);
        // Its group may have changed since its assignment was read, and a round may have told the others already.
        unsure.add(member);
        check();
    }

    void remove(Membership member) {
        members.remove(member.memberId());
        unsure.remove(member);
    }

    int count() {
        return members.size();
    }

    Collection<Membership> all() {
        return members.values();
    }

    /** Asks for a round now. */
    void check() {
        waker.run();
    }

    /** Notes that there may be a row of a member that this node does not serve. */
    void doubt() {
        doubtful = true;
    }

    /** Whether {@link #doubt} has been called since the last call of this. */
    boolean takeDoubt() {
        boolean was = doubtful;
        doubtful = false;
        return was;
    }

    /** Ends every membership that began under another name of this node. */
    @Override
    public void renamed(String name) {
        List.copyOf(members.values()).stream()
                .filter(member -> !member.nodeName().equals(name))
                .forEach(member -> end(member, Membership.State.LOST));
    }

    @Override
    public Set<Integer> groups() {
        return members.values().stream().map(LocalMembers::group).collect(Collectors.toSet());
    }

    @Override
    public void look(Set<Integer> changed) {
        // Copied before the members: a member that is added in between is looked at in the next round again.
        Set<Membership> fresh = new HashSet<>(unsure);
        List<Membership> all = List.copyOf(members.values());
        Set<Integer> suspects = new HashSet<>(changed);
        fresh.forEach(member -> suspects.add(group(member)));
        // A member that is to give up a partition may do so as soon as it has committed, and commits raise no epoch.
        all.stream().filter(LocalMembers::isRevoking).forEach(member -> suspects.add(group(member)));
        Map<String, List<Membership>> byNode = all.stream()
                .filter(member -> suspects.contains(group(member)))
                .collect(Collectors.groupingBy(Membership::nodeName));
        byNode.forEach((node, served) -> {
            Map<String, Assignment> owned = store.owned(node, suspects);
            served.forEach(member -> tell(member, owned));
        });
        unsure.removeAll(fresh);
    }

    private static int group(Membership member) {
        return member.assignment().groupId();
    }

    private static boolean isRevoking(Membership member) {
        return member.assignment().partitions().stream().anyMatch(Owned::revoking);
    }

    private void tell(Membership member, Map<String, Assignment> owned) {
        Assignment now = owned.get(member.memberId());
        if (now != null) {
            member.assigned(now);
        } else if (members.get(member.memberId()) == member) {
            // A static member whose node has its lease was not expelled, but replaced, or removed by a call.
            end(member, member.isStatic() && member.mayDeliver() ? Membership.State.REPLACED : Membership.State.LOST);
        }
    }

    private void end(Membership member, Membership.State reason) {
        remove(member);
        member.ended(reason);
    }
}
