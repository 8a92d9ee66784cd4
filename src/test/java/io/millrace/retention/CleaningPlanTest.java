package io.millrace.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.segment.Segment;
import io.millrace.segment.Segment.State;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleaningPlanTest {

    private static final long MB = 1024 * 1024;

    /** A quarter of a segment of 1000 bytes may be dead; less than 125 live ones are few. */
    private final CleaningPlan plan = new CleaningPlan(0.25, 1000);

    @Test
    void aSegmentIsDueWhenMoreOfItIsDeadThanAllowed() {
        assertThat(next(sealed(1, 1000, 75))).isEmpty();
        assertThat(next(sealed(1, 1000, 74))).containsExactly(1);
    }

    @Test
    void aSegmentWithoutRecordsIsNotDue() {
        assertThat(next(new Segment(1, State.SEALED, true, 0, 0, 1000))).isEmpty();
    }

    @Test
    void neighboursAreJoinedUpToTheSizeOfASegment() {
        assertThat(next(sealed(1, 1000, 50), sealed(2, 1000, 50), sealed(3, 1000, 74)))
                .containsExactly(1, 2);
        assertThat(next(sealed(1, 1000, 50), sealed(2, 1002, 50), sealed(3, 1000, 74)))
                .as("501 bytes do not fit beside 500")
                .containsExactly(2);
    }

    @Test
    void eachRunMayBeAsLargeAsASegment() {
        assertThat(next(sealed(1, 1000, 74), sealed(2, 1000, 100), sealed(3, 800, 25), sealed(4, 800, 25)))
                .containsExactly(3, 4);
    }

    @Test
    void aSegmentThatIsLargerThanOthersIsRewrittenAlone() {
        assertThat(next(sealed(1, 100, 100), sealed(2, 4000, 50), sealed(3, 100, 100)))
                .containsExactly(2);
    }

    @Test
    void smallOnesAreTakenAlongBetweenOthersButNotAtTheEnds() {
        assertThat(next(
                        sealed(1, 100, 100),
                        sealed(2, 100, 100),
                        sealed(3, 400, 50),
                        sealed(4, 100, 100),
                        sealed(5, 400, 50),
                        sealed(6, 100, 100)))
                .containsExactly(3, 4, 5);
    }

    @Test
    void aLargeOneThatIsAliveKeepsItsNeighboursApart() {
        assertThat(next(sealed(1, 400, 25), sealed(2, 400, 100), sealed(3, 400, 50)))
                .containsExactly(1);
    }

    @Test
    void eightSmallOnesAreJoinedThoughAllOfThemIsAlive() {
        assertThat(next(small(7, 124))).isEmpty();
        assertThat(next(small(8, 124))).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(next(small(8, 125))).as("these are not small").isEmpty();
    }

    @Test
    void aSegmentIsSmallIfWhatIsAliveInItIs() {
        assertThat(next(IntStream.rangeClosed(1, 8)
                        .mapToObj(number -> sealed(number, 160, 76))
                        .toArray(Segment[]::new)))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void theEndsOfManySmallOnesAreJoinedToo() {
        Segment[] segments = small(8, 100);
        segments[4] = sealed(5, 100, 50);

        assertThat(next(segments)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void segmentsThatAreNotPartOfTheLogAreNeitherRewrittenNorBetweenOthers() {
        assertThat(next(
                        sealed(1, 400, 50),
                        segment(2, State.RETIRED, 900, 10),
                        segment(-1, State.FILLING, 900, 10),
                        sealed(3, 400, 50)))
                .containsExactly(1, 3);
        assertThat(next(segment(2, State.RETIRED, 900, 10), segment(-1, State.FILLING, 900, 10)))
                .isEmpty();
    }

    @Test
    void anOpenSegmentIsNotRewrittenAndKeepsItsNeighboursApart() {
        assertThat(next(sealed(1, 400, 25), segment(2, State.OPEN, 400, 10), sealed(3, 400, 50)))
                .containsExactly(1);
        assertThat(next(segment(1, State.OPEN, 400, 10))).isEmpty();
    }

    @Test
    void theMostGainForEachByteCopiedComesFirst() {
        assertThat(next(
                        sealed(1, 1000, 60),
                        sealed(2, 1000, 100),
                        sealed(3, 200, 10),
                        sealed(4, 1000, 100),
                        sealed(5, 1000, 50)))
                .as("180 bytes for 20 copied, against 400 for 600 and 500 for 500")
                .containsExactly(3);
    }

    @Test
    void theBacklogIsWhatIsRetiredAndTheDeadPartOfWhatIsDue() {
        assertThat(plan.backlogBytes(List.of(
                        segment(1, State.RETIRED, 300, 100),
                        sealed(2, 1000, 50),
                        sealed(3, 1000, 75),
                        segment(-1, State.FILLING, 5000, 0),
                        segment(4, State.OPEN, 7000, 0))))
                .isEqualTo(300 + 500);
    }

    @ParameterizedTest
    @CsvSource({
        "OPEN,   false, 64, 31, 64, true,  more than half is dead",
        "OPEN,   false, 64, 32, 64, false, half is dead",
        "OPEN,   false, 17, 0,  17, true,  more than 16 MB is dead",
        "OPEN,   false, 16, 0,  64, false, only 16 MB is dead",
        "OPEN,   false, 64, 0,  16, false, it takes only 16 MB on disk",
        "OPEN,   true,  64, 0,  64, false, the next one has begun",
        "SEALED, false, 64, 0,  64, false, it is sealed",
        "OPEN,   false, 0,  0,  64, false, it is empty",
    })
    void aSegmentThatGrowsIsClosedEarlyWhenMuchOfItIsDead(
            State state, boolean complete, long writtenMb, long liveMb, long diskMb, boolean closed, String reason) {
        Segment segment = new Segment(1, state, complete, writtenMb * MB, liveMb * MB, diskMb * MB);

        assertThat(plan.shouldRoll(segment)).as(reason).isEqualTo(closed);
    }

    /** The numbers of the segments that are rewritten next. */
    private List<Integer> next(Segment... segments) {
        return plan.next(List.of(segments)).orElse(List.of()).stream()
                .map(Segment::number)
                .toList();
    }

    private static Segment[] small(int count, long diskBytes) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> sealed(number, diskBytes, 100))
                .toArray(Segment[]::new);
    }

    private static Segment sealed(int number, long diskBytes, int livePercent) {
        return segment(number, State.SEALED, diskBytes, livePercent);
    }

    private static Segment segment(int number, State state, long diskBytes, int livePercent) {
        return new Segment(number, state, state != State.OPEN, 100, livePercent, diskBytes);
    }
}
