package io.millrace.group;

import io.millrace.cluster.ChangePublisher;
import io.millrace.cluster.ChangeSubscriber;
import io.millrace.database.Sql;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Notices that groups have changed, on this node or another, for the watchers on this node. Nodes tell each other; a
 * change whose message is lost is found by one small query, made again and again while a group is watched.
 *
 * <p>The feed's thread calls {@link #changed} and {@link #look}, threads that change groups call {@link #moved}, and a
 * loop that both wake calls {@link #round}.
 */
final class EpochWatch implements ChangeSubscriber {

    private static final String KIND = "group";
    private static final Sql SQL = Sql.of(EpochWatch.class);

    /** Waits for changes of groups. */
    interface Watcher {

        /** The groups to look at. */
        Set<Integer> groups();

        /**
         * Looks at what has changed; called in each round in which a group is watched. If it fails, the next round
         * passes the same groups again.
         *
         * @param changed groups whose epoch has changed, that are gone, or that are watched for the first time
         */
        void look(Set<Integer> changed);
    }

    private final List<Watcher> watchers;
    private final Epochs epochs;
    private final ChangePublisher publisher;
    private final Duration interval;
    private final Map<Integer, Long> seen = new ConcurrentHashMap<>();

    /** The groups that the watchers are to look at in the next round. */
    private final Set<Integer> changed = ConcurrentHashMap.newKeySet();

    private volatile Runnable wake = () -> {};

    /**
     * @param epochs asked in a round for groups that have not been watched before
     * @param interval the longest time until a change whose message was lost is noticed
     */
    EpochWatch(List<Watcher> watchers, Epochs epochs, ChangePublisher publisher, Duration interval) {
        this.watchers = List.copyOf(watchers);
        this.epochs = epochs;
        this.publisher = publisher;
        this.interval = interval;
    }

    /** @param loop asks for a round */
    void wakeBy(Runnable loop) {
        this.wake = loop;
    }

    /** This node has brought a group to an epoch, and committed that. Does not block. */
    void moved(int groupId, long epoch) {
        publisher.publish(KIND, groupId, epoch);
        changed(groupId, epoch);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void changed(int groupId, long epoch) {
        Long before = seen.get(groupId);
        if (before == null || epoch > before) {
            changed.add(groupId);
            seen.computeIfPresent(groupId, (_, known) -> Math.max(known, epoch));
            wake.run();
        }
    }

    @Override
    public Duration look(JdbcClient database) {
        compare(groups -> read(database, groups));
        return interval;
    }

    /** As {@link Epochs}, from the database. */
    static Map<Integer, Long> read(JdbcClient database, Collection<Integer> groups) {
        Map<Integer, Long> epochs = new HashMap<>();
        database.sql(SQL.text("select-epochs"))
                .param("group_ids", groups.toArray(Integer[]::new))
                .query((row, _) -> epochs.put(row.getInt("group_id"), row.getLong("epoch")))
                .list();
        return epochs;
    }

    /** Where the epochs of groups come from. */
    @FunctionalInterface
    interface Epochs {

        /** By group id, without those that are gone. */
        Map<Integer, Long> of(Collection<Integer> groups);
    }

    /** Compares the epochs with those that were seen last; asks for none if no group is watched. */
    void compare(Epochs epochs) {
        Set<Integer> groups = watched();
        seen.keySet().retainAll(groups);
        if (groups.isEmpty()) {
            return;
        }
        Map<Integer, Long> now = epochs.of(groups);
        for (Integer group : groups) {
            Long epoch = now.get(group);
            if (epoch == null || !epoch.equals(seen.get(group))) {
                changed.add(group);
                wake.run();
            }
        }
        seen.putAll(now);
    }

    /** Has the watchers look at what has changed since the last round, and at all groups that are new to them. */
    void round() {
        Set<Integer> groups = watched();
        if (groups.isEmpty()) {
            changed.clear();
            return;
        }
        Set<Integer> fresh = new HashSet<>(groups);
        fresh.removeAll(seen.keySet());
        if (!fresh.isEmpty()) {
            // Read before the watchers look: an epoch that rises after that is a change.
            seen.putAll(epochs.of(fresh));
            changed.addAll(fresh);
        }
        Set<Integer> taken = new HashSet<>(changed);
        changed.removeAll(taken);
        try {
            watchers.forEach(watcher -> watcher.look(taken));
        } catch (RuntimeException failure) {
            changed.addAll(taken);
            throw failure;
        }
    }

    private Set<Integer> watched() {
        Set<Integer> groups = new HashSet<>();
        watchers.forEach(watcher -> groups.addAll(watcher.groups()));
        return groups;
    }
}
