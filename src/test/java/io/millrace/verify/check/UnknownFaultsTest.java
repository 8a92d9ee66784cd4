package io.millrace.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Mark;
import io.millrace.verify.history.Outcome;
import io.millrace.verify.history.Position;
import io.millrace.verify.history.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A group whose hubs may be frozen at any time: nothing that a frozen hub explains is a violation, everything else is.
 */
class UnknownFaultsTest {

    private static final long SECOND = 1_000_000_000L;

    private static final Mark M0 = new Mark("r", 0, "p", "k", 1);
    private static final Mark M1 = new Mark("r", 1, "p", "k", 2);
    private static final Mark M2 = new Mark("s", 0, "p", "k", 3);
    private static final List<Logged> LOG = List.of(logged(0, M0), logged(1, M1), logged(2, M2));

    /** The hub of {@code a} is frozen after the second 10; {@code b} takes over at 20 and reads everything again. */
    private static final List<GroupEvent> RUN = List.of(
            new GroupEvent.Assigned(9 * SECOND, "a", "member-a", Map.of(0, 0L)),
            delivered(10 * SECOND, "a", 1, 0),
            new GroupEvent.Assigned(20 * SECOND, "b", "member-b", Map.of(0, 0L)),
            delivered(21 * SECOND, "b", 2, 0),
            processed(22 * SECOND, "b", 0, M0),
            delivered(23 * SECOND, "b", 2, 1),
            processed(24 * SECOND, "b", 1, M1),
            delivered(25 * SECOND, "b", 2, 2),
            processed(26 * SECOND, "b", 2, M2),
            new GroupEvent.Commit(28 * SECOND, "b", 27 * SECOND, 0, 2, 3, ""),
            new GroupEvent.Observed(31 * SECOND, 30 * SECOND, 0, 3, 3, 0));

    @Test
    void aMemberMayLoseItsPartitionAndItsCommitAndSeeErrors() {
        assertThat(violations(plus(
                        delivered(29 * SECOND, "a", 1, 1),
                        processed(29 * SECOND, "a", 0, M0),
                        new GroupEvent.Commit(29 * SECOND, "a", 29 * SECOND, 0, 1, 1, "stale_member_epoch"),
                        new GroupEvent.Failed(29 * SECOND, "a", "member_fenced", false),
                        new GroupEvent.Revoked(29 * SECOND, "a", Set.of(0), GroupEvent.Revoked.TAKEN))))
                .isEmpty();
    }

    @Test
    void aMemberOfAFrozenHubMayProcessARecordBeforeTheNextOwnerReachesIt() {
        assertThat(violations(plus(processed(20 * SECOND + 1, "a", 2, M2)))).isEmpty();
    }

    @Test
    void aLateCommitThatIsStoredIsFound() {
        assertThat(violations(plus(new GroupEvent.Commit(29 * SECOND, "a", 29 * SECOND, 0, 1, 1, ""))))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.promise()).isEqualTo(Promise.PARTITIONS_HAVE_ONE_OWNER);
                    assertThat(violation.text()).startsWith("stored although sent too late");
                });
        // By a retry, after the partition had come back to it.
        assertThat(violations(plus(
                        new GroupEvent.Revoked(28 * SECOND + 1, "b", Set.of(0), GroupEvent.Revoked.ASKED),
                        new GroupEvent.Revoked(28 * SECOND + 1, "a", Set.of(0), GroupEvent.Revoked.TAKEN),
                        new GroupEvent.Assigned(28 * SECOND + 2, "a", "member-a", Map.of(0, 3L)),
                        new GroupEvent.Commit(29 * SECOND, "a", 29 * SECOND, 0, 1, 1, ""))))
                .isEmpty();
    }

    @Test
    void twoOwnersAreFoundIfTheFirstOnesHubWasAlive() {
        List<GroupEvent> alive =
                plus(delivered(20 * SECOND - SECOND / 2, "a", 1, 1), delivered(24 * SECOND, "a", 1, 2));
        assertThat(violations(alive)).singleElement().satisfies(violation -> {
            assertThat(violation.promise()).isEqualTo(Promise.PARTITIONS_HAVE_ONE_OWNER);
            assertThat(violation.text()).startsWith("two owners at a time");
        });
        // It had been silent before.
        assertThat(violations(plus(delivered(18 * SECOND, "a", 1, 1), delivered(24 * SECOND, "a", 1, 2))))
                .isEmpty();
    }

    @Test
    void aStallOfThisProcessExplainsTwoOwners() {
        GroupEvent[] late = {delivered(20 * SECOND - SECOND / 2, "a", 1, 1), delivered(24 * SECOND, "a", 1, 2)};

        assertThat(violations(plus(late[0], late[1], new GroupEvent.Stalled(19 * SECOND + SECOND / 2, 15 * SECOND))))
                .isEmpty();
        assertThat(violations(plus(late[0], late[1], new GroupEvent.Stalled(18 * SECOND, 15 * SECOND))))
                .hasSize(1);
    }

    @Test
    void epochsThatFallForLongAreFound() {
        List<GroupEvent> fallen = plus(
                new GroupEvent.Assigned(27 * SECOND, "c", "member-c", Map.of(0, 1L)),
                delivered(27 * SECOND + 1, "c", 1, 1),
                delivered(29 * SECOND, "c", 1, 2));
        fallen.removeIf(event -> event.at() == 10 * SECOND);

        assertThat(violations(fallen)).extracting(Violation::text).anyMatch(text -> text.startsWith("epochs fall"));
        fallen.removeIf(event -> event.at() == 29 * SECOND);
        assertThat(violations(fallen)).isEmpty();
    }

    @Test
    void aGapInAnOwnershipIsFound() {
        assertThat(violations(without(23))).singleElement().satisfies(violation -> {
            assertThat(violation.promise()).isEqualTo(Promise.GROUPS_SEE_EVERY_RECORD);
            assertThat(violation.text()).startsWith("offset 1 was expected");
        });
    }

    @Test
    void aRecordThatWasProcessedAndIsGoneIsFound() {
        assertThat(violations(RUN, LOG.subList(0, 2)))
                .filteredOn(violation -> violation.promise() == Promise.DELIVERED_RECORDS_STAY)
                .extracting(Violation::text)
                .containsExactly("processed, and later gone: " + LOG.get(2));
    }

    @Test
    void onlyRequestsWithAClearOutcomeMustBeProcessed() {
        Request known = new Request("r", List.of(M0, M1), new Outcome.Stored(List.of(pos(0), pos(1))));
        Request unknown = new Request("s", List.of(M2), new Outcome.Unknown());
        List<GroupEvent> early = new ArrayList<>(RUN);
        early.removeIf(event -> event.at() >= 25 * SECOND);
        early.add(new GroupEvent.Observed(31 * SECOND, 30 * SECOND, 0, 2, 2, 0));

        // It was stored after the group had gone.
        assertThat(GroupCheck.due(List.of(known, unknown), early, LOG)).isEqualTo(LOG.subList(0, 2));
        assertThat(violations(early, LOG.subList(0, 2))).isEmpty();
        // But it must be there if the group has processed it, or committed it.
        List<GroupEvent> processed = new ArrayList<>(early);
        processed.add(processed(32 * SECOND, "b", 2, M2));
        assertThat(GroupCheck.due(List.of(known, unknown), processed, LOG)).isEqualTo(LOG);
        List<GroupEvent> committed = new ArrayList<>(early);
        committed.add(new GroupEvent.Observed(33 * SECOND, 32 * SECOND, 0, 3, 3, 0));
        assertThat(GroupCheck.due(List.of(known, unknown), committed, LOG)).isEqualTo(LOG);
        Request acknowledged = new Request("s", List.of(M2), new Outcome.Stored(List.of(pos(2))));
        assertThat(GroupCheck.due(List.of(known, acknowledged), early, LOG)).isEqualTo(LOG);
        assertThat(violations(early, LOG))
                .extracting(Violation::text)
                .containsExactly("committed up to 2 of 3 in partition 0", "never processed: " + LOG.get(2));
    }

    private static List<Violation> violations(List<GroupEvent> run) {
        return violations(run, LOG);
    }

    private static List<Violation> violations(List<GroupEvent> run, List<Logged> log) {
        return GroupCheck.of(run, log, GroupCheck.Faults.UNKNOWN).first();
    }

    private static List<GroupEvent> plus(GroupEvent... added) {
        List<GroupEvent> run = new ArrayList<>(RUN);
        run.addAll(List.of(added));
        run.sort(Comparator.comparingLong(GroupEvent::at));
        return run;
    }

    private static List<GroupEvent> without(long second) {
        return RUN.stream().filter(event -> event.at() != second * SECOND).toList();
    }

    private static GroupEvent delivered(long at, String session, long epoch, long offset) {
        return new GroupEvent.Delivered(at, session, 0, epoch, offset);
    }

    private static GroupEvent processed(long at, String session, long offset, Mark mark) {
        return new GroupEvent.Processed(at, session, 0, offset, mark);
    }

    private static Position pos(long offset) {
        return new Position(0, offset);
    }

    private static Logged logged(long offset, Mark mark) {
        return new Logged(pos(offset), mark);
    }
}
