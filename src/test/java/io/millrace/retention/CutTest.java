package io.millrace.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.segment.Holding;
import io.millrace.topic.PartitionRetention;
import io.millrace.topic.TopicConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutTest {

    private static final long NOW = 1000;
    private static final long OLDEST = 700;

    private static final PartitionRetention BY_AGE = retention(NOW - OLDEST, TopicConfig.UNLIMITED);

    @Test
    void segmentsInWhichAllHasExpiredAreSkipped() {
        List<Holding> held = List.of(
                sealed(1, 0, 10, 100, 500),
                sealed(2, 10, 20, 100, 699),
                sealed(3, 20, 30, 100, 800),
                open(4, 30, 40, 100, 900));

        assertThat(Cut.of(BY_AGE, held, NOW)).containsExactly(new Cut.ByAge(held.get(2), 30, OLDEST));
    }

    @Test
    void theFirstSegmentThatMayHoldARecordToKeepProtectsAllAfterIt() {
        List<Holding> held = List.of(
                sealed(1, 0, 10, 100, 500),
                sealed(2, 10, 20, 100, 700),
                sealed(3, 20, 30, 100, 500),
                open(4, 30, 40, 100, 500));

        assertThat(Cut.of(BY_AGE, held, NOW)).containsExactly(new Cut.ByAge(held.get(1), 20, OLDEST));
    }

    @Test
    void aSegmentThatIsNotCountedToItsEndIsNotSkipped() {
        List<Holding> held = List.of(open(1, 0, 9, 100, 500), open(2, 10, 20, 100, 900));

        assertThat(Cut.of(BY_AGE, held, NOW)).containsExactly(new Cut.ByAge(held.get(0), 10, OLDEST));
    }

    @Test
    void noMoreIsASegmentBeforeTheStartThatIsNotCounted() {
        List<Holding> held = List.of(startingAt(10, open(1, 0, 0, 0, 0)), startingAt(10, open(2, 10, 20, 100, 900)));

        assertThat(Cut.of(BY_AGE, held, NOW)).containsExactly(new Cut.ByAge(held.get(0), 10, OLDEST));
    }

    @Test
    void anOpenSegmentThatIsCountedToItsEndIsSkipped() {
        List<Holding> held = List.of(open(1, 0, 10, 100, 500), open(2, 10, 20, 100, 900));

        assertThat(Cut.of(BY_AGE, held, NOW)).containsExactly(new Cut.ByAge(held.get(1), 20, OLDEST));
    }

    /** Compaction leaves gaps: what is counted ends before the next segment begins. */
    @Test
    void aSealedSegmentIsAlwaysCountedToItsEnd() {
        List<Holding> held = List.of(sealed(1, 0, 7, 100, 500), open(2, 10, 20, 100, 900));

        assertThat(Cut.of(BY_AGE, held, NOW)).containsExactly(new Cut.ByAge(held.get(1), 20, OLDEST));
    }

    @Test
    void aSegmentBeforeTheStartIsSkippedHoweverNewItsRecordsAre() {
        List<Holding> held =
                List.of(startingAt(10, sealed(1, 0, 10, 0, 900)), startingAt(10, open(2, 10, 20, 100, 900)));

        assertThat(Cut.of(BY_AGE, held, NOW)).containsExactly(new Cut.ByAge(held.get(1), 20, OLDEST));
    }

    @Test
    void allOfTheLastSegmentMayGoAsFarAsItIsCounted() {
        List<Holding> held = List.of(sealed(1, 0, 10, 100, 500), open(2, 10, 17, 100, 500));

        assertThat(Cut.of(BY_AGE, held, NOW)).containsExactly(new Cut.ByAge(held.get(1), 17, OLDEST));
    }

    @Test
    void asManyBytesAsAreKeptLetNothingGo() {
        List<Holding> held = List.of(sealed(1, 0, 10, 100, 0), open(2, 10, 20, 100, 0));

        assertThat(Cut.of(bySize(200), held, NOW)).isEmpty();
        assertThat(Cut.of(bySize(201), held, NOW)).isEmpty();
        assertThat(Cut.of(bySize(Long.MAX_VALUE), held, NOW)).isEmpty();
    }

    @Test
    void oneByteMoreMayGo() {
        List<Holding> held = List.of(sealed(1, 0, 10, 100, 0), open(2, 10, 20, 100, 0));

        assertThat(Cut.of(bySize(199), held, NOW)).containsExactly(new Cut.BySize(held.get(0), 10, 1));
    }

    @Test
    void theBoundIsInTheSegmentWithWhichTheNewerOnesHoldTooMuch() {
        List<Holding> held = List.of(sealed(1, 0, 10, 100, 0), sealed(2, 10, 20, 100, 0), open(3, 20, 30, 100, 0));

        assertThat(Cut.of(bySize(150), held, NOW)).containsExactly(new Cut.BySize(held.get(1), 20, 50));
        assertThat(Cut.of(bySize(100), held, NOW)).containsExactly(new Cut.BySize(held.get(1), 20, 100));
        assertThat(Cut.of(bySize(99), held, NOW)).containsExactly(new Cut.BySize(held.get(2), 30, 1));
    }

    @Test
    void emptySegmentsAreNoBound() {
        List<Holding> held = List.of(
                sealed(1, 0, 10, 100, 0), sealed(2, 10, 10, 0, 0), sealed(3, 10, 20, 100, 0), open(4, 20, 20, 0, 0));

        assertThat(Cut.of(bySize(100), held, NOW)).containsExactly(new Cut.BySize(held.get(0), 10, 100));
        assertThat(Cut.of(bySize(0), held, NOW)).containsExactly(new Cut.BySize(held.get(2), 20, 100));
    }

    @Test
    void ageAndSizeCutEachForItself() {
        List<Holding> held = List.of(sealed(1, 0, 10, 100, 500), open(2, 10, 20, 100, 900));

        assertThat(Cut.of(retention(NOW - OLDEST, 150), held, NOW))
                .containsExactly(new Cut.ByAge(held.get(1), 20, OLDEST), new Cut.BySize(held.get(0), 10, 50));
    }

    @Test
    void nothingGoesWithoutALimitOrWithoutRecords() {
        PartitionRetention unlimited = retention(TopicConfig.UNLIMITED, TopicConfig.UNLIMITED);

        assertThat(Cut.of(unlimited, List.of(sealed(1, 0, 10, 100, 0)), NOW)).isEmpty();
        assertThat(Cut.of(retention(0, 0), List.of(), NOW)).isEmpty();
    }

    private static PartitionRetention bySize(long bytes) {
        return retention(TopicConfig.UNLIMITED, bytes);
    }

    private static PartitionRetention retention(long ms, long bytes) {
        return new PartitionRetention(7, ms, bytes, new PartitionRetention.Compaction(false, 0, 0));
    }

    private static Holding sealed(int segment, long first, long countedTo, long bytes, long newest) {
        return new Holding(7, segment, first, first, countedTo, bytes, newest, true, 0, false, 0);
    }

    private static Holding open(int segment, long first, long countedTo, long bytes, long newest) {
        return new Holding(7, segment, first, first, countedTo, bytes, newest, false, 0, false, 0);
    }

    private static Holding startingAt(long start, Holding held) {
        return new Holding(
                held.partitionId(),
                held.segment(),
                held.firstOffset(),
                held.countedFrom(),
                held.countedTo(),
                held.bytes(),
                held.newestMillis(),
                held.sealed(),
                start,
                held.compacted(),
                held.tombstonesSinceMillis());
    }
}
