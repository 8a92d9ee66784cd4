package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.TopicPartition;
import io.millrace.group.Assignment;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a member has: since which epoch it owns each, and how far each has been delivered. Some are
 * followed; others are leaving, on their way to another member: nothing more of them is delivered, but what was may be
 * committed until they are released. No more can be committed than was delivered, and nothing under another epoch. A
 * partition whose records could not be delivered is stopped: it is followed again a little later, if the member still
 * owns it under the same epoch.
 *
 * <p>One thread follows and releases; {@link #committable} may be called by others.
 */
final class MemberShare {

    private static final class Part {
        private final long epoch;
        private volatile long delivered;

        Part(long epoch, long delivered) {
            this.epoch = epoch;
            this.delivered = delivered;
        }
    }

    private static final class Leaving {
        private final Part part;
        private final Deadline deadline;
        private volatile boolean releasing;

        Leaving(Part part, Deadline deadline) {
            this.part = part;
            this.deadline = deadline;
        }
    }

    private final Duration revokeTimeout;
    private final Map<TopicPartition, Part> followed = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Leaving> leaving = new ConcurrentHashMap<>();

    /** The epochs of the stopped partitions. Used by the one thread that follows. */
    private final SortedMap<TopicPartition, Long> stopped = new TreeMap<>();

    private final Duration pause;
    private final Ticker ticker;
    private Deadline resume;

    /**
     * @param revokeTimeout how long a partition may be leaving
     * @param pause how long a partition is stopped at least
     */
    MemberShare(Duration revokeTimeout, Duration pause, Ticker ticker) {
        this.revokeTimeout = revokeTimeout;
        this.pause = pause;
        this.ticker = ticker;
        this.resume = ticker.in(pause);
    }

    /** Those that are followed, in order. */
    List<TopicPartition> followed() {
        return followed.keySet().stream().sorted().toList();
    }

    boolean follows(TopicPartition name) {
        return followed.containsKey(name);
    }

    /** Whether a partition is to be followed and is not yet. */
    boolean wants(Owned partition) {
        return !partition.revoking() && !follows(partition.name()) && !isStopped(partition);
    }

    /** Follows a partition from an offset on. */
    void follow(Owned partition, long nextOffset) {
        stopped.remove(partition.name());
        followed.put(partition.name(), new Part(partition.epoch(), nextOffset));
    }

    /** The epoch since which a partition that is followed is the member's; 0 if it is not followed. */
    long epoch(TopicPartition name) {
        Part part = followed.get(name);
        return part == null ? 0 : part.epoch;
    }

    /** Notes that a partition has been delivered, or goes on elsewhere: what lies before may be committed. */
    void delivered(TopicPartition name, long nextOffset) {
        Part part = followed.get(name);
        if (part != null) {
            part.delivered = Math.max(part.delivered, nextOffset);
        }
    }

    /** Forgets a partition that no longer exists. */
    void remove(TopicPartition name) {
        followed.remove(name);
        stopped.remove(name);
    }

    void clear() {
        followed.clear();
        leaving.clear();
        stopped.clear();
    }

    /** Stops following a partition for a while, because records taken from it could not be delivered. */
    void stop(TopicPartition name) {
        Part part = followed.remove(name);
        if (part != null) {
            stopped.put(name, part.epoch);
            resume = ticker.in(pause);
        }
    }

    /**
     * Whether it is time to see which stopped partitions can be followed again; if so, not again before another pause.
     */
    boolean mayResume() {
        boolean may = !stopped.isEmpty() && resume.isOver();
        if (may) {
            resume = ticker.in(pause);
        }
        return may;
    }

    /** The stopped partitions that may be followed again: the member owns them under the same epoch. */
    List<Owned> resumable(Assignment now) {
        return now.partitions().stream()
                .filter(owned -> !owned.revoking() && isStopped(owned))
                .toList();
    }

    private boolean isStopped(Owned owned) {
        Long epoch = stopped.get(owned.name());
        return epoch != null && epoch == owned.epoch();
    }

    /** All partitions that the client knows as its own, in order: those followed and those stopped. */
    List<TopicPartition> held() {
        return Stream.concat(followed.keySet().stream(), stopped.keySet().stream())
                .sorted()
                .toList();
    }

    /** Whether no partition is leaving or stopped, which would mean work later on. */
    boolean isSettled() {
        return leaving.isEmpty() && stopped.isEmpty();
    }

    /**
     * Stops following partitions that the member no longer owns, or has to give up.
     *
     * @return the partitions that the client no longer holds
     */
    List<TopicPartition> cease(Assignment now) {
        List<TopicPartition> ceased = new ArrayList<>();
        Map<TopicPartition, Owned> owned = new HashMap<>();
        now.partitions().forEach(partition -> owned.put(partition.name(), partition));
        for (TopicPartition name : List.copyOf(stopped.keySet())) {
            if (!remains(owned.get(name), stopped.getOrDefault(name, 0L))) {
                stopped.remove(name);
                ceased.add(name);
            }
        }
        for (TopicPartition name : followed()) {
            Owned mine = owned.get(name);
            if (!remains(mine, epoch(name))) {
                ceased.add(name);
                Part last = followed.get(name);
                if (last != null && mine != null && mine.epoch() == last.epoch) {
                    leaving.put(name, leaving(last));
                }
                followed.remove(name); // last: a reader that looks here first finds it in one of the two
            }
        }
        for (Owned partition : now.partitions()) {
            if (partition.revoking()) {
                // Never followed: nothing was delivered that would have to be committed.
                leaving.putIfAbsent(partition.name(), leaving(new Part(partition.epoch(), partition.nextOffset())));
            }
        }
        return ceased;
    }

    private static boolean remains(@Nullable Owned mine, long epoch) {
        return mine != null && !mine.revoking() && mine.epoch() == epoch;
    }

    private Leaving leaving(Part last) {
        return new Leaving(last, ticker.in(revokeTimeout));
    }

    boolean isLeaving() {
        return !leaving.isEmpty();
    }

    /**
     * The leaving partitions that may be released now: all that was delivered is committed, or the time for that is
     * over. Each is returned once, until {@link #notReleased} says that it could not be released.
     *
     * @param now what the member owns, with what is committed
     */
    Set<TopicPartition> due(Assignment now) {
        Set<TopicPartition> due = new HashSet<>();
        leaving.forEach((name, last) -> {
            Owned mine = now.find(name).orElse(null);
            if (mine == null || mine.epoch() != last.part.epoch) {
                leaving.remove(name);
            } else if (!last.releasing && (mine.nextOffset() >= last.part.delivered || last.deadline.isOver())) {
                last.releasing = true;
                due.add(name);
            }
        });
        return due;
    }

    /** Notes that partitions that were due could not be released. */
    void notReleased(Set<TopicPartition> partitions) {
        for (TopicPartition name : partitions) {
            Leaving last = leaving.get(name);
            if (last != null) {
                last.releasing = false;
            }
        }
    }

    /** Whether everything that was delivered of a partition is committed. */
    boolean isCommitted(Owned owned) {
        Part mine = find(owned.name());
        return mine == null || mine.epoch != owned.epoch() || owned.nextOffset() >= mine.delivered;
    }

    private @Nullable Part find(TopicPartition name) {
        Part part = followed.get(name);
        Leaving last = leaving.get(name);
        return last == null ? part : last.part;
    }

    /** Makes the error for positions in partitions that the member does not own. */
    interface NotOwned {
        HubException refusal(List<OffsetCommit> positions, List<Integer> indexes);
    }

    /**
     * The positions with the epochs under which they were delivered: by these the group refuses them if the member no
     * longer owns the partitions.
     *
     * @param memberEpoch the member's newest
     * @throws HubException that of {@code notOwned} for partitions that the member does not own, or did not at the
     *     epoch that the client names; {@link HubError#OFFSET_BEYOND_END} for what has not been delivered
     */
    List<OffsetCommit> committable(List<OffsetCommit> positions, long memberEpoch, NotOwned notOwned) {
        List<OffsetCommit> delivered = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            OffsetCommit position = positions.get(i);
            Part mine = find(position.name());
            if (mine == null || !position.isFor(mine.epoch, memberEpoch)) {
                throw notOwned.refusal(positions, List.of(i));
            }
            if (position.nextOffset() > mine.delivered) {
                String detail =
                        "of partition " + position.name() + " only offsets before " + mine.delivered + " are delivered";
                throw new HubException(
                        HubError.OFFSET_BEYOND_END,
                        Place.field("offsets", i, "next_offset"),
                        "offset_beyond_end",
                        detail);
            }
            delivered.add(position.since(mine.epoch));
        }
        return delivered;
    }
}
