package io.millrace.group;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The members without a connection whose calls wait on this node, told when their assignments change. */
final class WaitingMembers implements EpochWatch.Watcher {

    private final MemberStore store;
    private final Set<WaitingMember> members = ConcurrentHashMap.newKeySet();

    /** Those that no round has looked at yet: their assignments may have changed since they were read. */
    private final Set<WaitingMember> unsure = ConcurrentHashMap.newKeySet();

    WaitingMembers(MemberStore store) {
        this.store = store;
    }

    WaitingMember add(Assignment known, Runnable changed) {
        WaitingMember member = new WaitingMember(known, changed, this::remove);
        unsure.add(member);
        members.add(member);
        return member;
    }

    private void remove(WaitingMember member) {
        members.remove(member);
        unsure.remove(member);
    }

    @Override
    public Set<Integer> groups() {
        return of(members, member -> member.known().groupId());
    }

    @Override
    public void look(Set<Integer> changed) {
        Set<WaitingMember> fresh = new HashSet<>(unsure);
        Set<WaitingMember> doubtful = new HashSet<>(fresh);
        members.stream()
                .filter(member -> changed.contains(member.known().groupId()))
                .forEach(doubtful::add);
        doubtful.removeIf(WaitingMember::changed);
        if (!doubtful.isEmpty()) {
            Map<String, Long> epochs = store.memberEpochs(
                    of(doubtful, member -> member.known().groupId()),
                    of(doubtful, member -> member.known().memberId()));
            doubtful.forEach(member -> tell(member, epochs));
        }
        unsure.removeAll(fresh);
    }

    private static <T> Set<T> of(Collection<WaitingMember> members, Function<WaitingMember, T> property) {
        return members.stream().map(property).collect(Collectors.toSet());
    }

    private static void tell(WaitingMember member, Map<String, Long> epochs) {
        Long now = epochs.get(member.known().memberId());
        if (now == null || now != member.known().epoch()) {
            member.tell();
        }
    }
}
