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

/** The members that this node serves, told of what other nodes change. */
final class LocalMembers implements EpochWatch.Watcher, NameListener {

    private final MemberStore store;
    private final Map<String, Membership> members = new ConcurrentHashMap<>();
    private final Set<String> joining = ConcurrentHashMap.newKeySet();

    /** Those that may not know what a round has told the others of their groups. */
    private final Set<Membership> unsure = ConcurrentHashMap.newKeySet();

    private volatile Runnable waker = () -> {};

    /** Whether there may be rows of members of this node that it does not serve. */
    private volatile boolean doubtful;

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

    /** The member has been added, or will not be: then its row may be there all the same. */
    void joined(String memberId) {
        joining.remove(memberId);
        if (!members.containsKey(memberId)) {
            doubt();
        }
    }

    /** A member is let go: if that fails its row may stay. */
    void departs(CompletableFuture<Void> change) {
        change.whenComplete((_, failure) -> {
            if (failure != null) {
                doubt();
            }
        });
    }

    /** Whether this node serves the member or is about to. */
    boolean knows(String memberId) {
        // In this order: who has ceased to join has been added before.
        return joining.contains(memberId) || members.containsKey(memberId);
    }

    void add(Membership member) {
        members.put(member.memberId(), member);
        // Between what it was told when it joined and now, anything may have happened, and been told to the others.
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

    /** Asks for a look at the rows now. */
    void check() {
        waker.run();
    }

    /** There may be a row of a member that this node does not serve. */
    void doubt() {
        doubtful = true;
    }

    /** Whether {@link #doubt} was told since this was asked last. */
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
        // Before the members are looked at: whoever comes behind that is for the next round.
        Set<Membership> fresh = new HashSet<>(unsure);
        List<Membership> all = List.copyOf(members.values());
        Set<Integer> suspects = new HashSet<>(changed);
        fresh.forEach(member -> suspects.add(group(member)));
        // A member that is to give something up may do so as soon as it has committed, by whatever way.
        all.stream().filter(LocalMembers::behind).forEach(member -> suspects.add(group(member)));
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
        remove(member);
        member.ended(reason);
    }
}
