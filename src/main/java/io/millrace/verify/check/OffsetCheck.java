package io.millrace.verify.check;

import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.Logged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks the committed offsets, as they were observed during the run and at its end. */
final class OffsetCheck {

    private final List<GroupEvent> events;
    private final List<Logged> log;
    private final Findings findings = new Findings();

    private OffsetCheck(List<GroupEvent> events, List<Logged> log) {
        this.events = events;
        this.log = log;
    }

    static Findings of(List<GroupEvent> events, List<Logged> log) {
        OffsetCheck check = new OffsetCheck(events, log);
        check.offsetsOnlyRise();
        check.everythingIsCommitted();
        return check.findings;
    }

    private void found(String text) {
        findings.add(Promise.COMMITTED_OFFSETS_STAY, text);
    }

    /**
     * What a commit that nobody has acknowledged has done may be seen, and be lost with the primary before standbys
     * have it: below the acknowledged offsets no observation may fall.
     */
    private void offsetsOnlyRise() {
        Map<Integer, Long> acknowledged = new HashMap<>();
        Map<Integer, GroupEvent.Observed> last = new HashMap<>();
        Map<Integer, List<GroupEvent.Commit>> stored = new HashMap<>();
        for (GroupEvent event : events) {
            if (event instanceof GroupEvent.Commit commit && commit.stored()) {
                stored.computeIfAbsent(commit.partition(), _ -> new ArrayList<>())
                        .add(commit);
            }
            if (event instanceof GroupEvent.Observed now) {
                GroupEvent.Observed before = last.put(now.partition(), now);
                long least = acknowledged.getOrDefault(now.partition(), 0L);
                if (before != null && now.nextOffset() < Math.min(before.nextOffset(), least)) {
                    found("the committed offset fell: " + before + ", then " + now);
                }
                if (before != null && now.ownerEpoch() < before.ownerEpoch()) {
                    found("the owner's epoch fell: " + before + ", then " + now);
                }
                if (now.nextOffset() > now.end()) {
                    found("committed beyond the end: " + now);
                }
                stored.getOrDefault(now.partition(), List.of()).stream()
                        .filter(commit -> commit.at() < now.asked() && commit.nextOffset() > now.nextOffset())
                        .findFirst()
                        .ifPresent(commit -> found("acknowledged, but not stored: " + commit + ", then " + now));
                // A commit that has passed need not be checked again: the offset does not fall below it.
                stored.getOrDefault(now.partition(), new ArrayList<>()).removeIf(commit -> {
                    boolean passed = commit.at() < now.asked();
                    if (passed) {
                        acknowledged.merge(commit.partition(), commit.nextOffset(), Math::max);
                    }
                    return passed;
                });
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
                findings.add(
                        Promise.GROUPS_SEE_EVERY_RECORD,
                        "committed up to " + last + " of " + end + " in partition " + partition);
            }
        });
    }
}
