package io.millrace.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EpochWatchTest {

    private static final class Watching implements EpochWatch.Watcher {

        private final Set<Integer> groups = new HashSet<>();
        private final List<Set<Integer>> looks = new ArrayList<>();
        private boolean failing;

        @Override
        public Set<Integer> groups() {
            return groups;
        }

        @Override
        public void look(Set<Integer> changed) {
            looks.add(Set.copyOf(changed));
            if (failing) {
                throw new IllegalStateException("PostgreSQL is away");
            }
        }

        Set<Integer> last() {
            return looks.getLast();
        }
    }

    private final Map<Integer, Long> epochs = new HashMap<>(Map.of(1, 10L, 2, 20L, 3, 30L));
    private final List<Set<Integer>> queries = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Watching some = new Watching();
    private final Watching others = new Watching();
    private final EpochWatch watch = new EpochWatch(
            List.of(some, others),
            this::epochs,
            (kind, id, version) -> told.add(kind + " " + id + " " + version),
            Duration.ofMillis(200));

    @Test
    void oneQueryIsForAllWatchers() {
        some.groups.addAll(Set.of(1, 2));
        others.groups.addAll(Set.of(2, 3));

        compareAndRound();

        assertThat(queries).containsExactly(Set.of(1, 2, 3));
    }

    @Test
    void withoutWatchedGroupsNothingIsAsked() {
        compareAndRound();

        assertThat(queries).isEmpty();
        assertThat(some.looks).isEmpty();
    }

    @Test
    void aChangeIsPassedOnOnce() {
        some.groups.addAll(Set.of(1, 2));
        compareAndRound();
        assertThat(some.last()).containsExactlyInAnyOrder(1, 2); // no round has looked at them yet
        compareAndRound();
        assertThat(some.last()).isEmpty();
        epochs.put(2, 21L);
        compareAndRound();
        assertThat(some.last()).containsExactly(2);
        assertThat(others.last()).containsExactly(2);
        compareAndRound();
        assertThat(some.last()).isEmpty();
    }

    @Test
    void aGroupThatIsGoneHasChangedInEachRoundWhileItIsWatched() {
        some.groups.add(1);
        compareAndRound();
        epochs.remove(1);
        compareAndRound();
        compareAndRound();
        assertThat(some.looks).containsExactly(Set.of(1), Set.of(1), Set.of(1));
    }

    @Test
    void aGroupThatWasNotWatchedInBetweenHasChanged() {
        some.groups.add(1);
        compareAndRound();
        some.groups.remove(1);
        some.groups.add(2);
        compareAndRound();
        some.groups.add(1);
        compareAndRound();
        assertThat(some.last()).containsExactly(1);
    }

    @Test
    void aRoundThatFailsIsTriedAgain() {
        some.groups.add(1);
        compareAndRound();
        epochs.put(1, 11L);
        others.failing = true;
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this::compareAndRound);
        others.failing = false;
        compareAndRound();
        assertThat(some.last()).containsExactly(1);
        assertThat(others.last()).containsExactly(1);
    }

    @Test
    void aChangeByThisNodeIsPublishedAndLookedAtWithoutAQuery() {
        some.groups.add(1);
        compareAndRound();
        AtomicInteger wakes = new AtomicInteger();
        watch.wakeBy(wakes::incrementAndGet);

        watch.moved(1, 11);

        assertThat(told).containsExactly("group 1 11");
        assertThat(wakes).hasValue(1);
        watch.round();
        assertThat(some.last()).containsExactly(1);
        assertThat(queries).hasSize(1);
    }

    @Test
    void aChangeThatAnotherNodeTellsIsLookedAtOnce() {
        some.groups.add(1);
        compareAndRound();

        watch.changed(1, 11);
        watch.changed(1, 11);
        watch.round();
        assertThat(some.last()).containsExactly(1);
        watch.changed(1, 10);
        epochs.put(1, 11L);
        compareAndRound();

        assertThat(some.last()).isEmpty();
    }

    @Test
    void aChangeToldOfAGroupThatNoQueryHasSeenYetCounts() {
        some.groups.add(1);

        watch.changed(1, 10);
        watch.round();

        assertThat(some.last()).containsExactly(1);
        compareAndRound();
        assertThat(some.last()).isEmpty();
    }

    private void compareAndRound() {
        watch.compare(this::epochs);
        watch.round();
    }

    private Map<Integer, Long> epochs(Collection<Integer> groups) {
        queries.add(Set.copyOf(groups));
        Map<Integer, Long> found = new HashMap<>(epochs);
        found.keySet().retainAll(groups);
        return found;
    }
}
