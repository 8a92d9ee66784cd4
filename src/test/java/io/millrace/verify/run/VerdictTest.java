package io.millrace.verify.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.HubUrl;
import io.millrace.event.Acks;
import io.millrace.verify.check.Promise;
import io.millrace.verify.history.Attempt;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Mark;
import io.millrace.verify.history.Outcome;
import io.millrace.verify.history.Position;
import io.millrace.verify.history.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerdictTest {

    private static final Mark MARK = new Mark("p0-0", 0, "p0", "k1", 0);
    private static final Position AT = new Position(0, 0);
    private static final Logged RECORD = new Logged(AT, MARK);
    private static final Request STORED = new Request("p0-0", List.of(MARK), new Outcome.Stored(List.of(AT)));

    private static final List<GroupEvent> GROUP = List.of(
            new GroupEvent.Assigned(1, "sse-0#1", "m", Map.of(0, 0L)),
            new GroupEvent.Delivered(2, "sse-0#1", 0, 1, 0),
            new GroupEvent.Processed(3, "sse-0#1", 0, 0, MARK),
            new GroupEvent.Commit(5, "sse-0#1", 4, 0, 1, 1, ""),
            new GroupEvent.Observed(7, 6, 0, 1, 1, 0));

    private static final Observations GOOD = seen(List.of(STORED), GROUP, List.of(RECORD), List.of());

    @Test
    void aRunWithoutViolationsKeepsAllPromisesExceptTheMissingOne() {
        Verdict verdict = Verdict.of(GOOD, settings(Acks.LEADER, MemberProtocol.SSE));

        assertThat(verdict.failure()).isNull();
        assertThat(verdict.lines())
                .filteredOn(line -> line.status() != Verdict.Status.KEPT)
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.promise()).isEqualTo(Promise.RETRIES_STORE_NOTHING_TWICE);
                    assertThat(line.status()).isEqualTo(Verdict.Status.NOT_CHECKED);
                });
        assertThat(verdict.lines())
                .extracting(line -> line.promise().number())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(verdict.lines()).extracting(Verdict.Line::evidence).contains("1 acknowledged record", "2 receipts");
    }

    @Test
    void violationsOfEveryCheckerCount() {
        Settings settings = settings(Acks.LEADER, MemberProtocol.SSE);

        assertThat(broken(seen(List.of(STORED), GROUP, List.of(), List.of()), settings))
                .containsExactly(Promise.ACKNOWLEDGED_RECORDS_STAY, Promise.DELIVERED_RECORDS_STAY);
        assertThat(broken(seen(List.of(STORED), GROUP.subList(0, 2), List.of(RECORD), List.of()), settings))
                .containsExactly(Promise.GROUPS_SEE_EVERY_RECORD);
        Logged other = new Logged(AT, new Mark("p0-1", 0, "p0", "k1", 1));
        assertThat(broken(
                        new Observations(
                                List.of(STORED),
                                List.of(),
                                GROUP,
                                Map.of("f", List.of(other)),
                                List.of(RECORD),
                                List.of()),
                        settings))
                .containsExactly(Promise.DELIVERED_RECORDS_STAY);
    }

    @Test
    void whatWasNotCheckedIsSaid() {
        Request sent = new Request("p0-0", List.of(MARK), new Outcome.Unknown());
        Verdict verdict = Verdict.of(seen(List.of(sent), List.of(), List.of(RECORD), List.of()), settings(Acks.NONE));

        assertThat(verdict.failure()).isNull();
        assertThat(verdict.lines())
                .filteredOn(line -> line.status() == Verdict.Status.NOT_CHECKED)
                .extracting(line -> line.promise().number() + " " + line.evidence())
                .containsExactly(
                        "1 with acks=0 nothing is acknowledged",
                        "6 this version has no idempotent producers",
                        "7 there were no consumers",
                        "8 there were no consumers",
                        "9 there were no consumers");
    }

    @Test
    void aRunThatShowsNothingHasNoVerdict() {
        Settings settings = settings(Acks.LEADER);

        assertThat(Verdict.of(seen(List.of(), List.of(), List.of(), List.of()), settings)
                        .failure())
                .isEqualTo("no verdict: no record was stored: there is nothing to verify");
        assertThat(Verdict.of(seen(List.of(STORED), List.of(), List.of(RECORD), List.of("it hangs")), settings)
                        .failure())
                .isEqualTo("no verdict: it hangs");
    }

    @Test
    void theReportNamesEveryViolationForPeopleAndPrograms() {
        Observations seen = new Observations(
                List.of(STORED),
                List.of(
                        new Attempt(0, 1_000_000, Attempt.OK, false),
                        new Attempt(0, 500_000_000, "503 overloaded", true),
                        new Attempt(0, 801_000_000, Attempt.OK, false),
                        new Attempt(0, 901_000_000, Attempt.OK, false)),
                List.of(new GroupEvent.Failed(1, "rest-0#1", "no_answer", true), new GroupEvent.Stalled(9, 2)),
                Map.of(),
                List.of(),
                List.of("the followers did not reach the ends within 60 s"));
        Settings settings = settings(Acks.LEADER);
        Report report = new Report(seen, Verdict.of(seen, settings), settings);

        assertThat(report.text("verify http://a"))
                .startsWith("verify http://a\n\n")
                .containsPattern("longest pause ms +800\n")
                .containsPattern("answers +200: 3, 503 overloaded: 1\n")
                .containsPattern("group errors +no_answer: 1\n")
                .containsPattern("stalls of this process +1\n")
                .contains("\n 1  BROKEN       an acknowledged record is not lost (1 acknowledged record)\n"
                        + "      lost: record 0 of request p0-0 (key k1, sequence 0 of p0) acknowledged at offset 0 of"
                        + " partition 0\n")
                .contains("\n 2  kept         the offsets of a partition are 0, 1, 2 and so on (0 records)\n")
                .contains("Unfinished: the followers did not reach the ends within 60 s\n")
                .endsWith("\n1 promise was broken.\n");

        JsonNode json = JsonMapper.shared().readTree(report.json(Map.of("partitions", 1), Map.of()));
        assertThat(json.path("results").path("requests_stored").intValue()).isEqualTo(1);
        assertThat(json.path("parameters").path("partitions").intValue()).isEqualTo(1);
        assertThat(json.path("promises").path(0).path("number").intValue()).isEqualTo(1);
        assertThat(json.path("promises").path(0).path("status").asString()).isEqualTo("broken");
        assertThat(json.path("promises")
                        .path(0)
                        .path("first_violations")
                        .path(0)
                        .asString())
                .startsWith("lost: record 0 of request p0-0");
        assertThat(json.path("promises").path(5).path("status").asString()).isEqualTo("not_checked");
        assertThat(json.path("failure").asString()).isEqualTo("1 promise was broken");
    }

    @Test
    void aGoodReportEndsWithTheVerdict() {
        Settings settings = settings(Acks.LEADER, MemberProtocol.SSE);
        Report report = new Report(GOOD, Verdict.of(GOOD, settings), settings);

        assertThat(report.text("verify")).endsWith("\nEvery promise that was checked was kept.\n");
        JsonNode json = JsonMapper.shared().readTree(report.json(Map.of(), Map.of()));
        assertThat(json.has("failure")).isTrue();
        assertThat(json.path("failure").isNull()).isTrue();
    }

    private static List<Promise> broken(Observations seen, Settings settings) {
        return Verdict.of(seen, settings).lines().stream()
                .filter(line -> line.status() == Verdict.Status.BROKEN)
                .map(Verdict.Line::promise)
                .toList();
    }

    private static Observations seen(
            List<Request> requests, List<GroupEvent> events, List<Logged> log, List<String> unfinished) {
        return new Observations(requests, List.of(), events, Map.of("f", log), log, unfinished);
    }

    private static Settings settings(Acks acks, MemberProtocol... members) {
        return new Settings(
                List.of(new HubUrl("a", 80, "")),
                "t",
                1,
                1,
                List.of(members),
                acks,
                Duration.ofSeconds(1),
                100,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                null,
                false);
    }
}
