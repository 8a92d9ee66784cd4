package io.millrace.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Mark;
import io.millrace.verify.history.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each test plants one fault into a run that is correct without it. */
class GroupCheckTest {

    private static final long SECOND = 1_000_000_000L;

    private static final Mark M0 = new Mark("r", 0, "p", "k", 1);
    private static final Mark M1 = new Mark("r", 1, "p", "k", 2);
    private static final Mark M2 = new Mark("r", 2, "p", "k", 3);
    private static final List<Logged> LOG = List.of(logged(0, M0), logged(1, M1), logged(2, M2));

    /** The partition moves from {@code a} to {@code b}, which rereads what was not committed. */
    private static final List<GroupEvent> RUN = List.of(
            new GroupEvent.Assigned(10, "a", "member-a", Map.of(0, 0L)),
            delivered(20, "a", 1, 0),
            new GroupEvent.Processed(21, "a", 0, 0, M0),
            delivered(22, "a", 1, 1),
            new GroupEvent.Processed(23, "a", 0, 1, M1),
            commit(30, "a", 25, 1, 1, ""),
            observed(33, 32, 1, 1),
            new GroupEvent.Revoked(40, "a", Set.of(0), "rebalance"),
            new GroupEvent.Assigned(50, "b", "member-b", Map.of(0, 1L)),
            delivered(60, "b", 2, 1),
            new GroupEvent.Processed(61, "b", 0, 1, M1),
            delivered(62, "b", 2, 2),
            new GroupEvent.Processed(63, "b", 0, 2, M2),
            commit(70, "b", 65, 2, 3, ""),
            observed(73, 72, 3, 2));

    @Test
    void aRunWithoutFaultsPasses() {
        assertThat(violations(RUN, LOG)).isEmpty();
    }

    @Test
    void aLostRecordIsFound() {
        assertFound("never processed", without(63));
    }

    @Test
    void anotherRecordAtTheSameOffsetIsFound() {
        assertFound("processed as another record", with(63, _ -> new GroupEvent.Processed(63, "b", 0, 2, M0)));
    }

    @Test
    void aRecordFirstProcessedAfterALaterOneIsFound() {
        List<GroupEvent> run = new ArrayList<>(RUN);
        run.replaceAll(event -> switch (event) {
            case GroupEvent.Processed first when first.at() == 21 -> new GroupEvent.Processed(21, "a", 0, 1, M1);
            case GroupEvent.Processed second when second.at() == 23 -> new GroupEvent.Processed(23, "a", 0, 0, M0);
            default -> event;
        });
        assertFound("processed for the first time after", run);
    }

    @Test
    void aGapWithinAnEpochIsFound() {
        assertFound("offset 1 was expected", without(60));
    }

    @Test
    void aRepetitionWithinAnEpochIsFound() {
        assertFound("offset 2 was expected", with(62, _ -> delivered(62, "b", 2, 1)));
    }

    @Test
    void aDeliveryAfterARevocationIsFound() {
        assertFound("delivered to a member that does not own", plus(45, delivered(45, "a", 1, 2)));
    }

    @Test
    void aDeliveryAfterTheEndOfTheConnectionIsFound() {
        List<GroupEvent> ended = with(40, _ -> new GroupEvent.Ended(40, "a", 1001));
        assertThat(violations(ended, LOG)).isEmpty();
        assertFound("delivered to a member that does not own", plus(ended, 45, delivered(45, "a", 1, 2)));
    }

    @Test
    void anEpochWithTwoOwnersIsFound() {
        List<GroupEvent> run = new ArrayList<>(RUN);
        run.replaceAll(event ->
                event instanceof GroupEvent.Delivered record && record.session().equals("b")
                        ? delivered(record.at(), "b", 1, record.offset())
                        : event);
        assertFound("one epoch, two owners", run);
    }

    @Test
    void anEpochThatChangesDuringAnOwnershipIsFound() {
        assertFound("another epoch without having been revoked", with(62, _ -> delivered(62, "b", 3, 2)));
    }

    @Test
    void anEpochThatFallsIsFound() {
        List<GroupEvent> run = new ArrayList<>(RUN);
        run.replaceAll(event ->
                event instanceof GroupEvent.Delivered record && record.session().equals("b")
                        ? delivered(record.at(), "b", 0, record.offset())
                        : event);
        assertFound("epochs fall", run);
    }

    @Test
    void aPartitionThatIsAssignedTwiceIsFound() {
        assertFound(
                "assigned without having been revoked",
                plus(55, new GroupEvent.Assigned(55, "b", "member-b", Map.of(0, 1L))));
    }

    @Test
    void twoOwnersAtATimeAreFound() {
        List<GroupEvent> run = moved(40, 64, with(62, _ -> delivered(62, "a", 1, 2)));
        assertFound("two owners at a time", run);
        // A member that was frozen or disturbed may receive late what was sent in time.
        assertThat(violations(plus(run, 35, new GroupEvent.Disturbed(35, "a")), LOG))
                .noneMatch(violation -> violation.startsWith("two owners"));
    }

    @Test
    void aFrozenHubMayOnlyDeliverRecordsFromBefore() {
        List<GroupEvent> run = moved(40, 64, plus(61, delivered(61, "a", 1, 2)));
        assertThat(violations(frozen(run, 3), LOG)).isEmpty();
        assertFound("delivered without a lease", frozen(run, 2));
    }

    @Test
    void aCommitThatIsStoredTooLateIsFound() {
        assertFound("stored although sent too late", plus(68, commit(68, "a", 66, 1, 2, "")));
        // In time, but answered late.
        assertThat(violations(plus(51, commit(51, "a", 39, 1, 1, "")), LOG)).isEmpty();
    }

    @Test
    void aCommittedRecordThatIsDeliveredAgainIsFound() {
        assertFound("delivered again although committed", with(30, _ -> commit(30, "a", 25, 1, 2, "")));
    }

    @Test
    void aCommitThatIsRefusedInTimeIsFound() {
        assertFound("refused although", plus(45, commit(45, "a", 42, 1, 2, "stale_member_epoch")));
        assertFound("refused although", plus(35, commit(35, "a", 34, 1, 2, "member_fenced")));
        GroupEvent late = commit(40 + 2 * SECOND, "a", 40 + SECOND, 1, 2, "stale_member_epoch");
        assertThat(violations(plus(RUN, 80, late), LOG)).isEmpty();
        List<GroupEvent> expelled = with(40, _ -> new GroupEvent.Revoked(40, "a", Set.of(0), "fenced"));
        assertThat(violations(plus(expelled, 45, commit(45, "a", 42, 1, 2, "member_fenced")), LOG))
                .isEmpty();
    }

    @Test
    void aCommitThatIsRefusedWhileTheHubShutsDownIsFound() {
        List<GroupEvent> drained = with(40, _ -> new GroupEvent.Revoked(40, "a", Set.of(0), "draining"));
        assertThat(violations(drained, LOG)).isEmpty();
        GroupEvent refused = commit(45, "a", 42, 1, 2, "member_fenced");
        assertFound("refused although", plus(drained, 45, refused));
        assertFound("refused although", plus(plus(drained, 45, refused), 41, new GroupEvent.Ended(41, "a", 1001)));
        // The client had left by itself.
        assertThat(violations(plus(plus(drained, 45, refused), 41, new GroupEvent.Ended(41, "a", 0)), LOG))
                .isEmpty();
    }

    @Test
    void aRefusalBeforeTheClientWasOutOfTouchIsFound() {
        GroupEvent refused = commit(35, "a", 34, 1, 2, "stale_member_epoch");
        assertThat(violations(disturbed(plus(35, refused), 34), LOG)).isEmpty();
        assertFound("refused although", disturbed(plus(35, refused), 36));
    }

    @Test
    void aPartitionThatIsTakenFromAMemberInTouchIsFound() {
        List<GroupEvent> taken = with(40, _ -> new GroupEvent.Revoked(40, "a", Set.of(0), "taken"));
        assertFound("lost without a request to give up", taken);
        assertThat(violations(disturbed(taken, 39), LOG)).isEmpty();
        assertFound("lost without a request to give up", disturbed(taken, 45));
    }

    @Test
    void anErrorThatCannotBeRetriedIsFound() {
        GroupEvent failed = new GroupEvent.Failed(35, "a", "member_fenced", false);
        assertFound("not retryable", plus(35, failed));
        assertThat(violations(disturbed(plus(35, failed), 34), LOG)).isEmpty();
        assertThat(violations(plus(35, new GroupEvent.Failed(35, "a", "draining", true)), LOG))
                .isEmpty();
    }

    @Test
    void aMemberWithoutAStartOffsetIsChecked() {
        List<GroupEvent> run = with(50, _ -> new GroupEvent.Assigned(50, "b", "member-b", Map.of(0, -1L)));
        assertThat(violations(run, LOG)).isEmpty();
        // It begins with the first record that it gets, and earlier commits must not be beyond that.
        List<GroupEvent> committed = new ArrayList<>(run);
        committed.replaceAll(event -> event.at() == 30 ? commit(30, "a", 25, 1, 2, "") : event);
        assertFound("delivered again although committed", committed);
        List<GroupEvent> gap = new ArrayList<>(run);
        gap.replaceAll(event -> event.at() == 62 ? delivered(62, "b", 2, 3) : event);
        assertFound("offset 2 was expected", gap);
    }

    @Test
    void anEndThatIsNotCommittedIsFound() {
        assertFound("committed up to 2 of 3", with(73, _ -> observed(73, 69, 2, 2)));
        assertFound("committed up to 0 of 3", List.of());
    }

    @Test
    void aCommittedOffsetThatFallsIsFound() {
        assertFound("the committed offset fell", plus(80, observed(80, 79, 2, 2)));
    }

    /** It was seen before standbys had it, and was lost with the primary. */
    @Test
    void anOffsetThatWasNotAcknowledgedMayFall() {
        List<GroupEvent> unanswered = with(70, _ -> commit(70, "b", 65, 2, 3, "outcome_unknown"));

        assertThat(violations(plus(plus(unanswered, 80, observed(80, 79, 2, 2)), 90, observed(90, 89, 3, 2)), LOG))
                .noneMatch(violation -> violation.contains("fell"));
        assertFound("the committed offset fell", plus(unanswered, 80, observed(80, 79, 0, 2)));
    }

    @Test
    void anOwnersEpochThatFallsIsFound() {
        assertFound("the owner's epoch fell", plus(80, observed(80, 79, 3, 1)));
    }

    @Test
    void anOffsetBeyondTheEndIsFound() {
        assertFound("committed beyond the end", plus(80, observed(80, 79, 4, 2)));
    }

    @Test
    void anAcknowledgedCommitThatIsNotStoredIsFound() {
        assertFound("acknowledged, but not stored", with(33, _ -> observed(33, 32, 0, 1)));
        // The query had been sent before.
        assertThat(violations(with(33, _ -> observed(33, 29, 0, 1)), LOG)).isEmpty();
    }

    @Test
    void onlyTheFirstViolationsAreReported() {
        List<Logged> lost = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            lost.add(logged(i, M0));
        }
        assertThat(violations(List.of(), lost)).hasSize(10);
    }

    private static List<String> violations(List<GroupEvent> run, List<Logged> log) {
        return violations(run, log, GroupCheck.Faults.RECORDED);
    }

    private static List<String> violations(List<GroupEvent> run, List<Logged> log, GroupCheck.Faults faults) {
        return GroupCheck.of(run, log, faults).first().stream()
                .map(Violation::text)
                .toList();
    }

    private static void assertFound(String violation, List<GroupEvent> run) {
        assertThat(violations(run, LOG)).anyMatch(found -> found.startsWith(violation));
    }

    private static List<GroupEvent> disturbed(List<GroupEvent> run, long at) {
        return plus(run, at, new GroupEvent.Disturbed(at, "a"));
    }

    private static List<GroupEvent> frozen(List<GroupEvent> run, long end) {
        return plus(run, 38, new GroupEvent.Frozen(38, Set.of("a"), Map.of(0, end)));
    }

    /** Moves the event at one time to another time. */
    private static List<GroupEvent> moved(long from, long to, List<GroupEvent> run) {
        GroupEvent.Revoked event = (GroupEvent.Revoked)
                run.stream().filter(one -> one.at() == from).findFirst().orElseThrow();
        List<GroupEvent> moved = new ArrayList<>(run);
        moved.remove(event);
        return plus(moved, to, new GroupEvent.Revoked(to, event.session(), event.partitions(), event.reason()));
    }

    private static List<GroupEvent> without(long at) {
        return RUN.stream().filter(event -> event.at() != at).toList();
    }

    private static List<GroupEvent> with(long at, UnaryOperator<GroupEvent> change) {
        return RUN.stream()
                .map(event -> event.at() == at ? change.apply(event) : event)
                .toList();
    }

    private static List<GroupEvent> plus(long at, GroupEvent added) {
        return plus(RUN, at, added);
    }

    private static List<GroupEvent> plus(List<GroupEvent> run, long at, GroupEvent added) {
        List<GroupEvent> more = new ArrayList<>(run);
        int place = (int) run.stream().filter(event -> event.at() < at).count();
        more.add(place, added);
        return more;
    }

    private static GroupEvent delivered(long at, String session, long epoch, long offset) {
        return new GroupEvent.Delivered(at, session, 0, epoch, offset);
    }

    private static GroupEvent commit(long at, String session, long sent, long epoch, long next, String refusal) {
        return new GroupEvent.Commit(at, session, sent, 0, epoch, next, refusal);
    }

    private static GroupEvent observed(long at, long asked, long next, long epoch) {
        return new GroupEvent.Observed(at, asked, 0, next, 3, epoch);
    }

    private static Logged logged(long offset, Mark mark) {
        return new Logged(new Position(0, offset), mark);
    }
}
