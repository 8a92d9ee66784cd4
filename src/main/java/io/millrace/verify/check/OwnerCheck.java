package io.millrace.verify.check;

import io.millrace.verify.history.GroupEvent;
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
 * Checks which member owned which partition and when: what members received, and which of their commits were stored.
 * Late receipts cannot cause a violation: each follows from a necessary order of events or from offsets alone.
 */
final class OwnerCheck {

    /** When asked to give up partitions, clients commit much faster than this, and the hub waits much longer. */
    private static final Duration SURELY_IN_TIME = Duration.ofSeconds(1);

    /** A hub that sent something that recently still had its lease, which it renews long before its end. */
    private static final Duration SURELY_ALIVE = Duration.ofSeconds(1);

    /** The reasons for giving up a partition after which a member may still commit its records. */
    private static final Set<String> IN_ORDER = Set.of(GroupEvent.Revoked.ASKED, GroupEvent.Revoked.DRAINING);

    private record Held(String session, int partition) {}

    private record PartitionEpoch(int partition, long epoch) {}

    private final List<GroupEvent> events;
    private final GroupCheck.Faults faults;
    private final Findings findings = new Findings();

    private final Map<Held, Ownership> open = new HashMap<>();
    private final Map<PartitionEpoch, Ownership> byEpoch = new HashMap<>();
    private final Map<Integer, List<Ownership>> ownerships = new HashMap<>();
    private final Map<Held, List<Long>> assignments = new HashMap<>();
    private final Map<Held, GroupEvent.Revoked> revoked = new HashMap<>();
    private final Set<Held> fenced = new HashSet<>();
    private final Map<String, Long> ended = new HashMap<>();
    private final Map<String, Long> disturbed = new HashMap<>();
    private final Map<String, GroupEvent.Frozen> frozen = new HashMap<>();
    private final Map<String, Long> lastSigns = new HashMap<>();
    private final List<GroupEvent.Stalled> stalls = new ArrayList<>();

    private OwnerCheck(List<GroupEvent> events, GroupCheck.Faults faults) {
        this.events = events;
        this.faults = faults;
    }

    static Findings of(List<GroupEvent> events, GroupCheck.Faults faults) {
        OwnerCheck check = new OwnerCheck(events, faults);
        check.aPartitionHasOneOwnerAtATime();
        check.ownershipsFollowEachOther();
        check.commitsAreFenced();
        if (faults == GroupCheck.Faults.RECORDED) {
            check.commitsInTimeAreStored();
            check.membersInTouchKeepTheirPartitions();
        }
        return check.findings;
    }

    private void found(String text) {
        findings.add(Promise.PARTITIONS_HAVE_ONE_OWNER, text);
    }

    private void aPartitionHasOneOwnerAtATime() {
        for (GroupEvent event : events) {
            switch (event) {
                case GroupEvent.Assigned assigned -> {
                    assigned.nextOffsets().forEach((partition, next) -> begin(assigned, partition, next));
                    lastSigns.put(assigned.session(), assigned.at());
                }
                case GroupEvent.Delivered delivered -> delivered(delivered);
                case GroupEvent.Revoked gone -> {
                    lastSigns.put(gone.session(), gone.at());
                    gone.partitions().forEach(partition -> {
                        Held held = new Held(gone.session(), partition);
                        open.remove(held);
                        revoked.put(held, gone);
                        if (!IN_ORDER.contains(gone.reason())) {
                            fenced.add(held);
                        }
                    });
                }
                case GroupEvent.Ended end -> {
                    open.keySet().removeIf(held -> held.session().equals(end.session()));
                    if (end.forgotten()) {
                        ended.put(end.session(), end.at());
                    }
                }
                case GroupEvent.Stalled stall -> stalls.add(stall);
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
        assignments
                .computeIfAbsent(new Held(assigned.session(), partition), _ -> new ArrayList<>())
                .add(assigned.at());
        open.keySet().stream()
                .filter(held -> held.partition() == partition)
                .forEach(held ->
                        ownership.hasRival(held.session(), lastSigns.getOrDefault(held.session(), Long.MIN_VALUE / 2)));
        if (open.put(new Held(assigned.session(), partition), ownership) != null) {
            found("assigned without having been revoked: " + ownership);
        }
    }

    private void delivered(GroupEvent.Delivered record) {
        Ownership owner = open.get(new Held(record.session(), record.partition()));
        if (owner == null) {
            found("delivered to a member that does not own the partition: " + record);
            return;
        }
        if (owner.epoch() == Ownership.UNKNOWN) {
            Ownership other = byEpoch.put(new PartitionEpoch(record.partition(), record.epoch()), owner);
            if (other != null) {
                found("one epoch, two owners: " + other + " and " + owner);
            }
        } else if (owner.epoch() != record.epoch()) {
            found("another epoch without having been revoked: " + record + " to " + owner);
        }
        if (!owner.expects(record.offset())) {
            findings.add(
                    Promise.GROUPS_SEE_EVERY_RECORD,
                    "offset " + owner.next() + " was expected by " + owner + ": " + record);
        }
        lastSigns.put(record.session(), record.at());
        GroupEvent.Frozen freeze = frozen.get(record.session());
        if (freeze != null
                && owner.from() < freeze.at()
                && record.offset() >= freeze.ends().getOrDefault(record.partition(), 0L)) {
            found("delivered without a lease: it cannot have been read before the hub was frozen: " + record);
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
                if (after.epoch() <= before.epoch() && isLasting(after)) {
                    found("epochs fall: " + after + " after " + before);
                }
                if (before.lastDelivery() > after.from() && isInTouch(before, after)) {
                    found("two owners at a time: " + after + " begins while records come to " + before);
                }
            }
            all.sort(Comparator.comparingLong(Ownership::epoch));
        }
    }

    /** A hub that was frozen may still send an assignment and records from before. */
    private boolean isLasting(Ownership ownership) {
        return faults == GroupCheck.Faults.RECORDED
                || ownership.lastDelivery() - ownership.from() > SURELY_ALIVE.toNanos();
    }

    /**
     * Whether the previous owner should have stopped when the next one began. Its hub may have been frozen for longer
     * than its lease; but then it had been silent for some time when the next owner began.
     */
    private boolean isInTouch(Ownership before, Ownership after) {
        if (isOutOfTouch(before.session(), before.lastDelivery())) {
            return false;
        }
        return faults == GroupCheck.Faults.RECORDED
                || (after.silenceOf(before.session()) < SURELY_ALIVE.toNanos() && !stalledAround(after.from()));
    }

    private boolean stalledAround(long at) {
        return stalls.stream().anyMatch(stall -> stall.since() <= at && at <= stall.at() + SURELY_IN_TIME.toNanos());
    }

    private boolean isOutOfTouch(String session, long at) {
        GroupEvent.Frozen freeze = frozen.get(session);
        return disturbed.getOrDefault(session, Long.MAX_VALUE) <= at || (freeze != null && freeze.at() <= at);
    }

    private void commitsAreFenced() {
        for (GroupEvent event : events) {
            if (event instanceof GroupEvent.Commit commit && commit.stored()) {
                mustBeTheOwners(commit);
            }
        }
    }

    private void commitsInTimeAreStored() {
        for (GroupEvent event : events) {
            if (event instanceof GroupEvent.Commit commit
                    && GroupCheck.FENCED.contains(commit.refusal())
                    && !mayBeRefused(commit)) {
                found("refused although it was in time: " + commit);
            }
        }
    }

    private void mustBeTheOwners(GroupEvent.Commit commit) {
        Ownership next = after(commit);
        if (next == null || ownsAgain(commit, next)) {
            return;
        }
        if (commit.sent() > next.from()) {
            found("stored although sent too late, after the start of " + next + ": " + commit);
        } else if (next.begins() < commit.nextOffset()) {
            findings.add(
                    Promise.COMMITTED_OFFSETS_STAY, "delivered again although committed, to " + next + ": " + commit);
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
     * records from its earlier ownership, also by a retry.
     */
    private boolean ownsAgain(GroupEvent.Commit commit, Ownership next) {
        return assignments.getOrDefault(new Held(commit.session(), commit.partition()), List.of()).stream()
                .anyMatch(from -> from >= next.from() && from < commit.at());
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
                    found("lost without a request to give up: " + gone);
                case GroupEvent.Failed failed
                when !failed.retryable() && !isOutOfTouch(failed.session(), failed.at()) ->
                    found("not retryable: " + failed);
                default -> {
                    // Not relevant here.
                }
            }
        }
    }
}
