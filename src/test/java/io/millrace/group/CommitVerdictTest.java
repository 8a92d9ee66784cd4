package io.millrace.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.TopicPartition;
import io.millrace.event.Violation;
import io.millrace.group.CommitVerdict.Kind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitVerdictTest {

    private static final List<OffsetCommit> POSITIONS = List.of(
            new OffsetCommit(new TopicPartition("flights", 0), 7, null),
            new OffsetCommit(new TopicPartition("flights", 1), 8, null).since(3),
            new OffsetCommit(new TopicPartition("flights", 2), 9, null));

    @Test
    void storedPositionsPass() {
        check(Kind.STORED, Kind.STORED, Kind.STORED);
        CommitVerdict.check(List.of(), List.of(), CommitVerdict::notOwned);
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_GROUP, UNKNOWN_GROUP, UNKNOWN_GROUP, UNKNOWN_GROUP,      ''",
        "MEMBER_FENCED, MEMBER_FENCED, MEMBER_FENCED, MEMBER_FENCED,      ''",
        "STALE_MEMBER,  STALE_MEMBER,  STALE_MEMBER,  STALE_MEMBER_EPOCH, ''",
        "STORED,        NOT_OWNED,     STORED,        STALE_MEMBER_EPOCH, 'offsets/1'",
        "NOT_OWNED,     STORED,        NOT_OWNED,     STALE_MEMBER_EPOCH, 'offsets/0 offsets/2'",
        "STORED,        STORED,        BEYOND_END,    OFFSET_BEYOND_END,  'offsets/2/next_offset'",
        "STORED,        BEYOND_END,    BEYOND_END,    OFFSET_BEYOND_END,  'offsets/1/next_offset'",
        "BEYOND_END,    STORED,        NOT_OWNED,     STALE_MEMBER_EPOCH, 'offsets/2'",
    })
    void aRefusalNamesThePositionsThatAreWrong(Kind first, Kind second, Kind third, HubError error, String places) {
        HubException refusal = refusal(first, second, third);

        assertThat(refusal.error()).isEqualTo(error);
        assertThat(String.join(
                        " ",
                        refusal.violations().stream()
                                .map(CommitVerdictTest::place)
                                .toList()))
                .isEqualTo(places);
    }

    @Test
    void theDetailsNameEpochEndAndPartition() {
        assertThat(refusal(Kind.STALE_MEMBER).members()).containsEntry("epoch", 4L);
        assertThat(refusal(Kind.BEYOND_END).violations().getFirst().detail())
                .isEqualTo("the partition ends before offset 6");
        assertThat(refusal(Kind.NOT_OWNED, Kind.NOT_OWNED).violations())
                .extracting(Violation::detail)
                .containsExactly(
                        "the member does not own partition flights/0",
                        "the member does not own partition flights/1, or did not at epoch 3");
    }

    private static HubException refusal(Kind... kinds) {
        return catchThrowableOfType(HubException.class, () -> check(kinds));
    }

    private static void check(Kind... kinds) {
        CommitVerdict.check(
                POSITIONS,
                Arrays.stream(kinds).map(kind -> new CommitVerdict(kind, 4, 6)).toList(),
                CommitVerdict::notOwned);
    }

    private static String place(Violation violation) {
        return violation.place() instanceof Place.Field field
                ? String.join("/", field.path())
                : violation.place().toString();
    }
}
