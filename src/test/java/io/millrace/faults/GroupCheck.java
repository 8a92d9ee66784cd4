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
 * Checks what clients saw of a group against its guarantees. Late receipts cannot cause a violation: each follows from
 * a necessary order of events or from offsets alone.
 */
final class GroupCheck {

    /** When asked to give up partitions, clients commit much faster than this, and the hub waits much longer. */
    private static final Duration SURELY_IN_TIME = Duration.ofSeconds(1);

    /** The refusals that a member may get once another member owns its partition. */
    static final Set<String> FENCED = Set.of("stale_member_epoch", "member_fenced", "offset_beyond_end");

    /** The reasons for giving up a partition after which a member may still commit its records. */
    private static final Set<String> IN_ORDER = Set.of(GroupEvent.Revoked.ASKED, GroupEvent.Revoked.DRAINING);

    private static final int MOST_REPORTED = 10;

    private record Held(String session, int partition) {}

    private record PartitionEpoch(int partition, long epoch) {}

    private final List<GroupEvent> events;
    private final List<Logged> log;
    private final List<String> violations = new ArrayList<>();

    private final Map<Held, Ownership> open = new HashMap<>();
    private final Map<PartitionEpoch, Ownership> byEpoch = new HashMap<>();
    private final Map<Integer, List<Ownership>> ownerships = new HashMap<>();
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
     * The violations, in words; empty if there are none.
     *
     * @param events in the order of time
     * @param log all records in the topic at the end
     */
    static List<String> violations(List<GroupEvent> events, List<Logged> log) {
        GroupCheck check = new GroupCheck(events, log);
        check.aPartitionHasOneOwnerAtATime();
        check.ownershipsFollowEachOther();
        check.commitsAreFenced();
        check.membersInTouchKeepTheirPartitions();
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
                case GroupEvent.Frozen freeze -> freeze.sessions().forEach(session -> frozen.put(session, freeze));
                case GroupEvent.Processed _, GroupEvent.Commit _, GroupEvent.Failed _, GroupEvent.Observed _ -> {
                    // Checked below.
                }
            }
        }
    }

    private void begin(GroupEvent.Assigned assigned, int partition, long next) {
        Ownership ownership = new Ownership(assigned, partition, next);
        ownerships.computeIfAbsent(partition, _ -> new ArrayList<>()).add(ownership);
        if (open.put(new Held(assigned.session(), partition), ownership) != null) {
            violation("assigned without having been revoked: " + ownership);
        }
    }

    private void delivered(GroupEvent.Delivered record) {
        Ownership owner = open.get(new Held(record.session(), record.partition()));
        if (owner == null) {
            violation("delivered to a member that does not own the partition: " + record);
            return;
        }
        if (owner.epoch() == Ownership.UNKNOWN) {
            Ownership other = byEpoch.put(new PartitionEpoch(record.partition(), record.epoch()), owner);
            if (other != null) {
                violation("one epoch, two owners: " + other + " and " + owner);
            }
        } else if (owner.epoch() != record.epoch()) {
            violation("another epoch without having been revoked: " + record + " to " + owner);
        }
        if (!owner.expects(record.offset())) {
            violation("offset " + owner.next() + " was expected: " + record);
        }
        GroupEvent.Frozen freeze = frozen.get(record.session());
        if (freeze != null
                && owner.from() < freeze.at()
                && record.offset() >= freeze.ends().getOrDefault(record.partition(), 0L)) {
            violation("delivered without a lease: it cannot have been read before the hub was frozen: " + record);
        }
        owner.delivered(record);
    }

    /**
     * The next owner is assigned the partition only after the previous one has received its last record and committed
     * it.
     */
    private void ownershipsFollowEachOther() {
        for (List<Ownership> all : ownerships.values()) {
            all.removeIf(ownership -> ownership.epoch() == Ownership.UNKNOWN);
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
        GroupEvent.Frozen freeze = frozen.get(session);
        return disturbed.getOrDefault(session, Long.MAX_VALUE) <= at || (freeze != null && freeze.at() <= at);
    }

    private void commitsAreFenced() {
        for (GroupEvent event : events) {
            if (event instanceof GroupEvent.Commit commit) {
                if (commit.stored()) {
                    mustBeTheOwners(commit);
                } else if (FENCED.contains(commit.refusal()) && !mayBeRefused(commit)) {
                    violation("refused although it was in time: " + commit);
                }
            }
        }
    }

    private void mustBeTheOwners(GroupEvent.Commit commit) {
        Ownership next = after(commit);
        if (next == null) {
            return;
        }
        if (commit.sent() > next.from() && !ownsAgain(commit)) {
            violation("stored although sent too late, after the start of " + next + ": " + commit);
        } else if (commit.sent() <= next.from() && next.begins() < commit.nextOffset()) {
            violation("delivered again although committed, to " + next + ": " + commit);
        }
    }

    private @Nullable Ownership after(GroupEvent.Commit commit) {
        return ownerships.getOrDefault(commit.partition(), List.of()).stream()
                .filter(ownership -> ownership.epoch() > commit.epoch())
                .findFirst()
                .orElse(null);
    }

    /**
     * These clients' commits do not name the partition's epoch: a member that owns the partition again may still commit
     * records from its earlier ownership.
     */
    private boolean ownsAgain(GroupEvent.Commit commit) {
        return ownerships.getOrDefault(commit.partition(), List.of()).stream()
                .anyMatch(ownership -> ownership.session().equals(commit.session())
                        && ownership.epoch() > commit.epoch()
                        && ownership.from() < commit.at());
    }

    private boolean mayBeRefused(GroupEvent.Commit commit) {
        Held held = new Held(commit.session(), commit.partition());
        GroupEvent.Revoked gone = revoked.get(held);
        return isOutOfTouch(commit.session(), commit.at())
                || fenced.contains(held)
                || ended.getOrDefault(commit.session(), Long.MAX_VALUE) < commit.at()
                || (gone != null && commit.at() > gone.at() + SURELY_IN_TIME.toNanos());
    }

    /** A member that responds in time keeps its partitions, and its errors are retryable. */
    private void membersInTouchKeepTheirPartitions() {
        for (GroupEvent event : events) {
            switch (event) {
                case GroupEvent.Revoked gone
                when gone.reason().equals(GroupEvent.Revoked.TAKEN) && !isOutOfTouch(gone.session(), gone.at()) ->
                    violation("lost without a request to give up: " + gone);
                case GroupEvent.Failed failed
                when !failed.retryable() && !isOutOfTouch(failed.session(), failed.at()) ->
                    violation("not retryable: " + failed);
                default -> {
                    // Not relevant here.
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
                        .ifPresent(commit -> violation("acknowledged, but not stored: " + commit + ", then " + now));
                // A commit that has passed need not be checked again: the offset does not fall.
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
                        violation("processed for the first time after offset " + previous + ": " + record);
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
