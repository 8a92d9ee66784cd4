package io.millrace.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compaction.CompactionPlan.Due;
import io.millrace.segment.Holding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompactionPlanTest {

    private static final long NOW = 1000;
    private static final long SEGMENT_BYTES = 1000;
    private static final long TOMBSTONES_KEPT = 100;

    @Test
    void aPartitionIsDueWhenHalfOfItHasComeSinceTheLastTime() {
        assertThat(due(clean(1, -1, 100), dirty(1, 2, 60), dirty(1, 3, 39))).isEmpty();
        assertThat(due(clean(1, -1, 100), dirty(1, 2, 60), dirty(1, 3, 40))).containsExactly("1: -1, 2, 3");
        assertThat(due(dirty(1, 1, 1))).containsExactly("1: 1");
    }

    @Test
    void aPartitionToWhichNothingHasComeIsNotDue() {
        assertThat(due(clean(1, -1, 100))).isEmpty();
        assertThat(due(dirty(1, 1, 0))).isEmpty();
        assertThat(due(open(1, 1, 100))).isEmpty();
        assertThat(due()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"899, true", "900, false", "0, false"})
    void aPartitionIsDueWhenTombstonesHaveBeenKeptForLongEnough(long since, boolean due) {
        Holding clean = new Holding(1, -1, 0, 0, 10, 100, 0, true, 0, true, since);

        assertThat(due(clean, clean(1, -2, 100))).isEqualTo(due ? List.of("1: -1, -2") : List.of());
    }

    @ParameterizedTest
    @CsvSource({"300, 700, '1: 1, 2, 3'", "300, 701, '1: 1'", "0, 701, '1: 1, 2, 3'", "0, 2000, '1: 1, 2, 3'"})
    void segmentsAreLeftFromTheFirstOnThatHasRecordsWhichAreTooNew(long minLag, long newest, String compacted) {
        List<Holding> held = List.of(dirty(1, 1, 100), aged(1, 2, newest), dirty(1, 3, 100));

        assertThat(text(CompactionPlan.next(
                        List.of(new CompactedPartition(1, TOMBSTONES_KEPT, minLag)),
                        Map.of(1, held),
                        NOW,
                        SEGMENT_BYTES)))
                .containsExactly(compacted);
    }

    @Test
    void segmentsAreLeftFromTheFirstOnThatMayGrow() {
        assertThat(due(dirty(1, 1, 100), open(1, 2, 100), dirty(1, 3, 100))).containsExactly("1: 1");
    }

    @Test
    void onlyWhatCanBeCompactedIsWeighed() {
        assertThat(due(clean(1, -1, 100), dirty(1, 2, 99), open(1, 3, 100))).isEmpty();
    }

    @Test
    void partitionsThatEndInTheOldestSegmentAreCompactedTogether() {
        Optional<CompactionPlan> plan = plan(
                dirty(1, 1, 100),
                dirty(1, 2, 100),
                dirty(2, 1, 100),
                dirty(3, 1, 100),
                open(3, 2, 100),
                clean(4, -1, 100));

        assertThat(text(plan)).containsExactly("2: 1", "3: 1");
        assertThat(plan).map(CompactionPlan::lastSegment).contains(1);
    }

    @Test
    void asManyPartitionsAsFitIntoASegmentAreCompactedTogether() {
        assertThat(due(dirty(1, 1, 400), dirty(2, 1, 600), dirty(3, 1, 1))).containsExactly("1: 1", "2: 1");
        assertThat(due(dirty(1, 1, 400), dirty(2, 1, 601), dirty(3, 1, 1))).containsExactly("1: 1");
    }

    @Test
    void aPartitionThatIsLargerThanASegmentIsCompactedAlone() {
        assertThat(due(dirty(1, 1, 5000), dirty(2, 1, 1))).containsExactly("1: 1");
    }

    @Test
    void aPartitionIsFollowedIfAnyLaterSegmentHasBatches() {
        assertThat(followed(dirty(1, 1, 100))).isFalse();
        assertThat(followed(dirty(1, 1, 100), open(1, 2, 0))).isFalse();
        assertThat(followed(dirty(1, 1, 100), open(1, 2, 1))).isTrue();
        assertThat(followed(dirty(1, 1, 100), open(1, 2, 0), open(1, 3, 1))).isTrue();
    }

    private static boolean followed(Holding... holdings) {
        return plan(holdings).orElseThrow().partitions().getFirst().followed();
    }

    /** The partitions that are compacted next, each with its segments. */
    private static List<String> due(Holding... holdings) {
        return text(plan(holdings));
    }

    private static List<String> text(Optional<CompactionPlan> plan) {
        return plan.map(CompactionPlan::partitions).orElse(List.of()).stream()
                .map(due -> due.partition().partitionId() + ": " + segments(due))
                .toList();
    }

    private static String segments(Due due) {
        return due.holdings().stream()
                .map(holding -> String.valueOf(holding.segment()))
                .collect(Collectors.joining(", "));
    }

    private static Optional<CompactionPlan> plan(Holding... holdings) {
        List<CompactedPartition> partitions = Stream.of(1, 2, 3, 4)
                .map(id -> new CompactedPartition(id, TOMBSTONES_KEPT, 0))
                .toList();
        return CompactionPlan.next(
                partitions,
                Stream.of(holdings).collect(Collectors.groupingBy(Holding::partitionId)),
                NOW,
                SEGMENT_BYTES);
    }

    private static Holding clean(int partition, int segment, long bytes) {
        return new Holding(partition, segment, 0, 0, 10, bytes, 0, true, 0, true, 0);
    }

    private static Holding dirty(int partition, int segment, long bytes) {
        return new Holding(partition, segment, 0, 0, 10, bytes, 0, true, 0, false, 0);
    }

    private static Holding open(int partition, int segment, long bytes) {
        return new Holding(partition, segment, 0, 0, 10, bytes, 0, false, 0, false, 0);
    }

    private static Holding aged(int partition, int segment, long newest) {
        return new Holding(partition, segment, 0, 0, 10, 100, newest, true, 0, false, 0);
    }
}
