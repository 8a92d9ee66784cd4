package io.millrace.group;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Notices that groups have changed, on whatever node: one small query a round for all who wait for that on this node.
 * One thread calls {@link #round} again and again.
 */
final class EpochWatch {

    /** Somebody who waits for changes of groups. */
    interface Watcher {

        /** The groups to look at. */
        Set<Integer> groups();

        /**
         * Looks at what has changed; called in each round in which anybody waits. If it fails, the same groups have
         * changed in the next round.
         *
         * @param changed groups whose epoch is another one than in the round before, that are gone, or that no round
         *     has looked at yet
         */
        void look(Set<Integer> changed);
    }

    private final Function<Collection<Integer>, Map<Integer, Long>> epochs;
    private final List<Watcher> watchers;
    private final Map<Integer, Long> seen = new HashMap<>();

    /** @param epochs of groups, by id, without those that are gone */
    EpochWatch(Function<Collection<Integer>, Map<Integer, Long>> epochs, List<Watcher> watchers) {
        this.epochs = epochs;
        this.watchers = List.copyOf(watchers);
    }

    /** Looks for changes once. */
    void round() {
        Set<Integer> groups = new HashSet<>();
        watchers.forEach(watcher -> groups.addAll(watcher.groups()));
        seen.keySet().retainAll(groups);
        if (groups.isEmpty()) {
            return;
        }
        Map<Integer, Long> now = epochs.apply(groups);
        Set<Integer> changed = new HashSet<>(groups);
        changed.removeIf(group -> {
            Long epoch = now.get(group);
            return epoch != null && epoch.equals(seen.get(group));
        });
        watchers.forEach(watcher -> watcher.look(changed));
        seen.putAll(now);
    }
}
