package io.millrace.group;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The members without a connection whose calls wait on this node: one small query for the groups of all, and one more
 * for the members of those that have changed. One thread calls {@link #round} again and again.
 */
final class WaitingMembers {

    private final MemberStore store;
    private final Set<WaitingMember> members = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Long> seen = new HashMap<>();

    /** Those that no round has looked at yet: much may have happened since their assignment was read. */
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

    /** Looks for changes once. */
    void round() {
        Set<WaitingMember> fresh = new HashSet<>(unsure);
        Map<Integer, List<WaitingMember>> byGroup = members.stream()
                .filter(member -> !member.changed())
                .collect(Collectors.groupingBy(member -> member.known().groupId()));
        seen.keySet().retainAll(byGroup.keySet());
        if (byGroup.isEmpty()) {
            return;
        }
        Map<Integer, Long> epochs = store.epochs(byGroup.keySet());
        Set<WaitingMember> doubtful = new HashSet<>(fresh);
        byGroup.forEach((group, waiting) -> {
            if (!Objects.equals(epochs.get(group), seen.get(group))) {
                doubtful.addAll(waiting);
            }
        });
        if (!doubtful.isEmpty()) {
            Map<String, Long> memberEpochs = store.memberEpochs(
                    doubtful.stream().map(member -> member.known().groupId()).collect(Collectors.toSet()),
                    doubtful.stream().map(member -> member.known().memberId()).collect(Collectors.toSet()));
            doubtful.forEach(member -> tell(member, memberEpochs));
        }
        seen.putAll(epochs);
        unsure.removeAll(fresh);
    }

    private static void tell(WaitingMember member, Map<String, Long> epochs) {
        Long now = epochs.get(member.known().memberId());
        if (now == null || now != member.known().epoch()) {
            member.tell();
        }
    }
}
