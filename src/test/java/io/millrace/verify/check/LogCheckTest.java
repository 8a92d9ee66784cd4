package io.millrace.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Mark;
import io.millrace.verify.history.Outcome;
import io.millrace.verify.history.Position;
import io.millrace.verify.history.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each test plants one fault into a run that is correct without it. */
class LogCheckTest {

    private static final Mark A0 = new Mark("a", 0, "p", "k", 1);
    private static final Mark A1 = new Mark("a", 1, "p", "k", 2);
    private static final Mark B0 = new Mark("b", 0, "p", "k", 3);
    private static final Mark C0 = new Mark("c", 0, "p", "other", 4);

    private static final Outcome NOT_STORED = new Outcome.NotStored();
    private static final Outcome UNKNOWN = new Outcome.Unknown();

    private static final Request A = new Request("a", List.of(A0, A1), storedAt(0, 0, 1));
    private static final Request B = new Request("b", List.of(B0), storedAt(0, 2));
    private static final Request C = new Request("c", List.of(C0), storedAt(1, 0));

    @Test
    void aRunWithoutFaultsPasses() {
        assertThat(check(List.of(A, B, C), at(0, 0, A0), at(0, 1, A1), at(0, 2, B0), at(1, 0, C0)))
                .isEmpty();
    }

    @Test
    void aRequestWithAnUnknownOutcomeMayBeStoredOrNot() {
        Request unknown = new Request("b", List.of(B0), UNKNOWN);

        assertThat(check(List.of(A, unknown), at(0, 0, A0), at(0, 1, A1))).isEmpty();
        assertThat(check(List.of(A, unknown), at(0, 0, A0), at(0, 1, A1), at(0, 2, B0)))
                .isEmpty();
    }

    @Test
    void aLostRecordIsFound() {
        assertThat(check(List.of(A, B), at(0, 0, A0), at(0, 1, A1)))
                .singleElement()
                .asString()
                .startsWith("lost: record 0 of request b");
    }

    @Test
    void aGapIsFound() {
        assertThat(check(List.of(new Request("b", List.of(B0), UNKNOWN)), at(0, 1, B0)))
                .singleElement()
                .asString()
                .startsWith("offset 0 was expected");
    }

    @Test
    void aRepeatedOffsetIsFound() {
        Request unknown = new Request("a", List.of(A0, A1), UNKNOWN);

        assertThat(check(List.of(unknown), at(0, 0, A0), at(0, 0, A1)))
                .singleElement()
                .asString()
                .startsWith("offset 1 was expected");
    }

    @Test
    void aRecordAtAnotherPositionThanAcknowledgedIsFound() {
        Request acknowledged = new Request("a", List.of(A0, A1), storedAt(0, 1, 0));

        assertThat(check(List.of(acknowledged), at(0, 0, A0), at(0, 1, A1)))
                .hasSize(2)
                .allMatch(violation -> violation.startsWith("misplaced"));
    }

    @Test
    void anAnswerWithTooFewPositionsIsFound() {
        Request acknowledged = new Request("a", List.of(A0, A1), storedAt(0, 0));

        assertThat(check(List.of(acknowledged), at(0, 0, A0), at(0, 1, A1)))
                .singleElement()
                .asString()
                .startsWith("1 positions for 2 records of request a");
    }

    @Test
    void aTornRequestIsFound() {
        assertThat(check(List.of(new Request("a", List.of(A0, A1), UNKNOWN)), at(0, 0, A0)))
                .singleElement()
                .asString()
                .startsWith("torn: 1 of 2");
    }

    @Test
    void aStoredRecordOfARefusedRequestIsFound() {
        assertThat(check(List.of(new Request("c", List.of(C0), NOT_STORED)), at(1, 0, C0)))
                .singleElement()
                .asString()
                .startsWith("reported as not stored");
    }

    @Test
    void aDuplicateIsFound() {
        assertThat(check(List.of(C), at(1, 0, C0), at(1, 1, C0)))
                .anyMatch(violation -> violation.startsWith("stored twice"));
    }

    @Test
    void aRecordThatWasNeverSentIsFound() {
        assertThat(check(List.of(A), at(0, 0, A0), at(0, 1, A1), at(1, 0, C0)))
                .singleElement()
                .asString()
                .startsWith("never sent");
        Mark changed = new Mark("c", 0, "p", "other", 40);
        assertThat(check(List.of(new Request("c", List.of(C0), UNKNOWN)), at(1, 0, changed)))
                .singleElement()
                .asString()
                .startsWith("never sent");
    }

    @Test
    void aFallingSequenceIsFound() {
        Request first = new Request("b", List.of(B0), storedAt(0, 0));
        Request second = new Request("a", List.of(A0, A1), storedAt(0, 1, 2));

        assertThat(check(List.of(first, second), at(0, 0, B0), at(0, 1, A0), at(0, 2, A1)))
                .hasSize(2)
                .allMatch(violation -> violation.startsWith("out of order"));
    }

    @Test
    void aRequestWithAnUnknownOutcomeMayBeStoredLateButInItsOwnOrder() {
        Request first = new Request("b", List.of(B0), storedAt(0, 0));
        Request late = new Request("a", List.of(A0, A1), UNKNOWN);

        assertThat(check(List.of(first, late), at(0, 0, B0), at(0, 1, A0), at(0, 2, A1)))
                .isEmpty();
        assertThat(check(List.of(late), at(0, 0, A1), at(0, 1, A0)))
                .singleElement()
                .asString()
                .startsWith("out of order");
    }

    @Test
    void aKeyInTwoPartitionsIsFound() {
        Request unknown = new Request("a", List.of(A0, A1), UNKNOWN);

        assertThat(check(List.of(unknown), at(0, 0, A0), at(1, 0, A1)))
                .singleElement()
                .asString()
                .startsWith("one key in two partitions");
    }

    @Test
    void onlyTheFirstViolationsAreReported() {
        List<Request> lost = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            lost.add(new Request("r" + i, List.of(new Mark("r" + i, 0, "p", "k", i)), storedAt(0, i)));
        }

        Findings findings = LogCheck.of(lost, List.of());

        assertThat(findings.first()).hasSize(10);
        assertThat(findings.count(Promise.ACKNOWLEDGED_RECORDS_STAY)).isEqualTo(1_000);
    }

    private static List<String> check(List<Request> sent, Logged... log) {
        return LogCheck.of(sent, List.of(log)).first().stream()
                .map(Violation::text)
                .toList();
    }

    private static Outcome storedAt(int partition, long... offsets) {
        return new Outcome.Stored(Arrays.stream(offsets)
                .mapToObj(offset -> new Position(partition, offset))
                .toList());
    }

    private static Logged at(int partition, long offset, Mark mark) {
        return new Logged(new Position(partition, offset), mark);
    }
}
