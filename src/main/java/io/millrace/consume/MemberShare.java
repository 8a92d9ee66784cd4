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
 * What a member has in hand: since which epoch each partition is its own, and how far it has been delivered. Some it
 * follows; others are leaving, on their way to another member: nothing more is delivered of them, but what was may be
 * committed until they are given up. No more can be committed than was delivered, and nothing under another epoch. A
 * partition whose records could not be delivered is stopped: it is followed again a little later, if it is still the
 * member's since the same epoch.
 *
 * <p>One thread follows and lets go; {@link #committable} may be called by others.
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

    /** The epochs of what was stopped. Used by the one thread that follows. */
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

    /** Whether a partition is to be followed that is not yet. */
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

    /** Forgets a partition that is no more. */
    void remove(TopicPartition name) {
        followed.remove(name);
        stopped.remove(name);
    }

    void clear() {
        followed.clear();
        leaving.clear();
        stopped.clear();
    }

    /** Ceases to follow a partition for a while, as what was taken of it could not be delivered. */
    void stop(TopicPartition name) {
        Part part = followed.remove(name);
        if (part != null) {
            stopped.put(name, part.epoch);
            resume = ticker.in(pause);
        }
    }

    /** Whether it is time to see what can be followed again; then not before another pause. */
    boolean mayResume() {
        boolean may = !stopped.isEmpty() && resume.isOver();
        if (may) {
            resume = ticker.in(pause);
        }
        return may;
    }

    /** What was stopped and may be followed again, as the member owns it as it did. */
    List<Owned> resumable(Assignment now) {
        return now.partitions().stream()
                .filter(owned -> !owned.revoking() && isStopped(owned))
                .toList();
    }

    private boolean isStopped(Owned owned) {
        Long epoch = stopped.get(owned.name());
        return epoch != null && epoch == owned.epoch();
    }

    /** All that the client knows as its own, in order: what is followed, and what is stopped. */
    List<TopicPartition> held() {
        return Stream.concat(followed.keySet().stream(), stopped.keySet().stream())
                .sorted()
                .toList();
    }

    /** Whether nothing is to be done by and by, be it that a partition is leaving or that it is stopped. */
    boolean isSettled() {
        return leaving.isEmpty() && stopped.isEmpty();
    }

    /**
     * Ceases to follow what the member owns no longer, or has to give up.
     *
     * @return what the client no longer holds
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
                followed.remove(name); // last, so that who looks here first finds it in one of both
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
     * What is leaving and may be released now: all that was delivered is committed, or the time for that is over. Each
     * is named once, until {@link #notReleased} says that it could not be released.
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

    /** What was due is not released after all. */
    void notReleased(Set<TopicPartition> partitions) {
        for (TopicPartition name : partitions) {
            Leaving last = leaving.get(name);
            if (last != null) {
                last.releasing = false;
            }
        }
    }

    /** Whether nothing that was delivered of a partition is left to be committed. */
    boolean isCommitted(Owned owned) {
        Part mine = find(owned.name());
        return mine == null || mine.epoch != owned.epoch() || owned.nextOffset() >= mine.delivered;
    }

    private @Nullable Part find(TopicPartition name) {
        Part part = followed.get(name);
        Leaving last = leaving.get(name);
        return last == null ? part : last.part;
    }

    /** The refusal of positions in partitions that are not the member's. */
    interface NotOwned {
        HubException refusal(List<OffsetCommit> positions, List<Integer> indexes);
    }

    /**
     * Positions with the epochs of what was delivered, by which the group refuses them if they are not the member's any
     * longer.
     *
     * @param memberEpoch the member's newest
     * @throws HubException as {@code notOwned} says for what is not the member's, or was not at the epoch that the
     *     client says; {@link HubError#OFFSET_BEYOND_END} for what has not been delivered
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
                String detail = "partition " + position.name() + " has been delivered up to offset " + mine.delivered;
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
