package io.millrace.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds what clients saw of a group against what the group promises. What is called a violation here cannot be
 * explained by late receipts: each rests on what must have happened before something else, or on offsets alone.
 */
final class GroupCheck {

    /** A client commits much faster when it is asked to let go; the hub waits much longer. */
    private static final Duration SURELY_IN_TIME = Duration.ofSeconds(1);

    /** What a member may be answered whose partition is another's by now. */
    static final Set<String> FENCED = Set.of("stale_member_epoch", "member_fenced", "offset_beyond_end");

    /** Why a member gives up a partition that may commit what it has of it. */
    private static final Set<String> IN_ORDER = Set.of(GroupEvent.Revoked.ASKED, GroupEvent.Revoked.DRAINING);

    private static final int MOST_REPORTED = 10;

    private record Held(String session, int partition) {}

    private record Turn(int partition, long epoch) {}

    private final List<GroupEvent> events;
    private final List<Logged> log;
    private final List<String> violations = new ArrayList<>();

    private final Map<Held, Ownership> open = new HashMap<>();
    private final Map<Turn, Ownership> byEpoch = new HashMap<>();
    private final Map<Integer, List<Ownership>> turns = new HashMap<>();
    private final Map<Held, GroupEvent.Revoked> revoked = new HashMap<>();
    private final Set<Held> fenced = new HashSet<>();
    private final Map<String, Long> ended = new HashMap<>();
    private final Map<String, Long> disturbed = new HashMap<>();
    private final Map<String, GroupEvent.Frozen> frozen = new HashMap<>();

    private GroupCheck(List<GroupEvent> events, List<Logged> log) {
        this.events = events;
        this.log = log;
    }

    /**
     * What is wrong, in words; empty if nothing is.
     *
     * @param events in the order of time
     * @param log all that the topic holds in the end
     */
    static List<String> violations(List<GroupEvent> events, List<Logged> log) {
        GroupCheck check = new GroupCheck(events, log);
        check.aPartitionHasOneOwnerAtATime();
        check.turnsFollowEachOther();
        check.commitsAreFenced();
        check.whoIsInTouchIsLeftAlone();
        check.offsetsOnlyRise();
        check.everythingIsCommitted();
        check.everythingIsProcessedInOrder();
        return check.violations.size() <= MOST_REPORTED ? check.violations : check.violations.subList(0, MOST_REPORTED);
    }

    private void violation(String text) {
        violations.add(text);
    }

    private void aPartitionHasOneOwnerAtATime() {
        for (GroupEvent event : events) {
            switch (event) {
                case GroupEvent.Assigned assigned ->
                    assigned.nextOffsets().forEach((partition, next) -> begin(assigned, partition, next));
                case GroupEvent.Delivered delivered -> delivered(delivered);
                case GroupEvent.Revoked gone ->
                    gone.partitions().forEach(partition -> {
                        Held held = new Held(gone.session(), partition);
                        open.remove(held);
                        revoked.put(held, gone);
                        if (!IN_ORDER.contains(gone.reason())) {
                            fenced.add(held);
                        }
                    });
                case GroupEvent.Ended end -> {
                    open.keySet().removeIf(held -> held.session().equals(end.session()));
                    if (end.forgotten()) {
                        ended.put(end.session(), end.at());
                    }
                }
                case GroupEvent.Disturbed late -> disturbed.putIfAbsent(late.session(), late.at());
                case GroupEvent.Frozen stood -> stood.sessions().forEach(session -> frozen.put(session, stood));
                case GroupEvent.Processed _, GroupEvent.Commit _, GroupEvent.Failed _, GroupEvent.Observed _ -> {
                    // Looked at below.
                }
            }
        }
    }

    private void begin(GroupEvent.Assigned assigned, int partition, long next) {
        Ownership ownership = new Ownership(assigned, partition, next);
        turns.computeIfAbsent(partition, _ -> new ArrayList<>()).add(ownership);
        if (open.put(new Held(assigned.session(), partition), ownership) != null) {
            violation("assigned without having been revoked: " + ownership);
        }
    }

    private void delivered(GroupEvent.Delivered record) {
        Ownership owner = open.get(new Held(record.session(), record.partition()));
        if (owner == null) {
            violation("delivered to one who does not own the partition: " + record);
            return;
        }
        if (owner.epoch() == Ownership.UNKNOWN) {
            Ownership other = byEpoch.put(new Turn(record.partition(), record.epoch()), owner);
            if (other != null) {
                violation("one epoch, two owners: " + other + " and " + owner);
            }
        } else if (owner.epoch() != record.epoch()) {
            violation("another epoch without having been revoked: " + record + " to " + owner);
        }
        if (!owner.expects(record.offset())) {
            violation("offset " + owner.next() + " was expected: " + record);
        }
        GroupEvent.Frozen stood = frozen.get(record.session());
        if (stood != null
                && owner.from() < stood.at()
                && record.offset() >= stood.ends().getOrDefault(record.partition(), 0L)) {
            violation("delivered without a lease, as it cannot have been read before the hub stood still: " + record);
        }
        owner.delivered(record);
    }

    /** Whoever is owner next was told so only after the one before had received its last record and committed it. */
    private void turnsFollowEachOther() {
        for (List<Ownership> all : turns.values()) {
            all.removeIf(turn -> turn.epoch() == Ownership.UNKNOWN);
            for (int i = 1; i < all.size(); i++) {
                Ownership before = all.get(i - 1);
                Ownership after = all.get(i);
                if (after.epoch() <= before.epoch()) {
                    violation("epochs fall: " + after + " after " + before);
                }
                if (before.lastDelivery() > after.from() && !isOutOfTouch(before.session(), before.lastDelivery())) {
                    violation("two owners at a time: " + after + " begins while records come to " + before);
                }
            }
            all.sort(Comparator.comparingLong(Ownership::epoch));
        }
    }

    private boolean isOutOfTouch(String session, long at) {
        GroupEvent.Frozen stood = frozen.get(session);
        return disturbed.getOrDefault(session, Long.MAX_VALUE) <= at || (stood != null && stood.at() <= at);
    }

    private void commitsAreFenced() {
        for (GroupEvent event : events) {
            if (event instanceof GroupEvent.Commit commit) {
                if (commit.stored()) {
                    isTheOwners(commit);
                } else if (FENCED.contains(commit.refusal()) && !mayBeRefused(commit)) {
                    violation("refused although the time for it was not over: " + commit);
                }
            }
        }
    }

    private void isTheOwners(GroupEvent.Commit commit) {
        Ownership next = after(commit);
        if (next == null) {
            return;
        }
        if (commit.sent() > next.from() && !ownsAgain(commit)) {
            violation("stored although sent too late, when there was " + next + ": " + commit);
        } else if (commit.sent() <= next.from() && next.begins() < commit.nextOffset()) {
            violation("given again although committed, to " + next + ": " + commit);
        }
    }

    private @Nullable Ownership after(GroupEvent.Commit commit) {
        return turns.getOrDefault(commit.partition(), List.of()).stream()
                .filter(turn -> turn.epoch() > commit.epoch())
                .findFirst()
                .orElse(null);
    }

    /** A commit names no epoch: who has the partition again may still commit what it had of it before. */
    private boolean ownsAgain(GroupEvent.Commit commit) {
        return turns.getOrDefault(commit.partition(), List.of()).stream()
                .anyMatch(turn -> turn.session().equals(commit.session())
                        && turn.epoch() > commit.epoch()
                        && turn.from() < commit.at());
    }

    private boolean mayBeRefused(GroupEvent.Commit commit) {
        Held held = new Held(commit.session(), commit.partition());
        GroupEvent.Revoked gone = revoked.get(held);
        return isOutOfTouch(commit.session(), commit.at())
                || fenced.contains(held)
                || ended.getOrDefault(commit.session(), Long.MAX_VALUE) < commit.at()
                || (gone != null && commit.at() > gone.at() + SURELY_IN_TIME.toNanos());
    }

    /** Whoever does as it is asked, and in time, keeps its partitions and can repeat whatever fails. */
    private void whoIsInTouchIsLeftAlone() {
        for (GroupEvent event : events) {
            switch (event) {
                case GroupEvent.Revoked gone
                when gone.reason().equals(GroupEvent.Revoked.TAKEN) && !isOutOfTouch(gone.session(), gone.at()) ->
                    violation("taken although nobody had asked for it: " + gone);
                case GroupEvent.Failed failed
                when !failed.retryable() && !isOutOfTouch(failed.session(), failed.at()) ->
                    violation("an error that no repetition helps: " + failed);
                default -> {
                    // Of no concern here.
                }
            }
        }
    }

    private void offsetsOnlyRise() {
        Map<Integer, GroupEvent.Observed> last = new HashMap<>();
        Map<Integer, List<GroupEvent.Commit>> stored = new HashMap<>();
        for (GroupEvent event : events) {
            if (event instanceof GroupEvent.Commit commit && commit.stored()) {
                stored.computeIfAbsent(commit.partition(), _ -> new ArrayList<>())
                        .add(commit);
            }
            if (event instanceof GroupEvent.Observed now) {
                GroupEvent.Observed before = last.put(now.partition(), now);
                if (before != null && (now.nextOffset() < before.nextOffset())) {
                    violation("the committed offset fell: " + before + ", then " + now);
                }
                if (before != null && now.ownerEpoch() < before.ownerEpoch()) {
                    violation("the owner's epoch fell: " + before + ", then " + now);
                }
                if (now.nextOffset() > now.end()) {
                    violation("committed beyond the end: " + now);
                }
                stored.getOrDefault(now.partition(), List.of()).stream()
                        .filter(commit -> commit.at() < now.asked() && commit.nextOffset() > now.nextOffset())
                        .findFirst()
                        .ifPresent(commit -> violation("said to be stored, but is not: " + commit + ", then " + now));
                // Whoever passed once need not be looked at again: the row does not fall.
                stored.getOrDefault(now.partition(), new ArrayList<>()).removeIf(commit -> commit.at() < now.asked());
            }
        }
    }

    private void everythingIsCommitted() {
        Map<Integer, Long> committed = new HashMap<>();
        for (GroupEvent event : events) {
            if (event instanceof GroupEvent.Observed now) {
                committed.put(now.partition(), now.nextOffset());
            }
        }
        Map<Integer, Long> ends = new HashMap<>();
        log.forEach(logged -> ends.merge(logged.at().partition(), logged.at().offset() + 1, Math::max));
        ends.forEach((partition, end) -> {
            long last = committed.getOrDefault(partition, 0L);
            if (last != end) {
                violation("committed up to " + last + " of " + end + " in partition " + partition);
            }
        });
    }

    private void everythingIsProcessedInOrder() {
        Map<Position, Mark> processed = new HashMap<>();
        Map<Integer, Long> highest = new HashMap<>();
        for (GroupEvent event : events) {
            if (event instanceof GroupEvent.Processed record) {
                Mark before = processed.put(new Position(record.partition(), record.offset()), record.mark());
                if (before == null) {
                    long previous = highest.getOrDefault(record.partition(), -1L);
                    if (record.offset() < previous) {
                        violation("processed for the first time behind offset " + previous + ": " + record);
                    }
                    highest.put(record.partition(), Math.max(previous, record.offset()));
                }
            }
        }
        for (Logged logged : log) {
            Mark mark = processed.get(logged.at());
            if (mark == null) {
                violation("never processed: " + logged);
            } else if (!mark.equals(logged.mark())) {
                violation("processed as another record, " + mark + ": " + logged);
            }
        }
    }
}
