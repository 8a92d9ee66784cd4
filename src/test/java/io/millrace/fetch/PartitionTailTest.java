package io.millrace.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.eventlog.TestHighWatermarks;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** What a tail keeps of the pages that are read for it, and how many batches the next one asks the database for. */
class PartitionTailTest {

    private static final int MOST = 1000;

    private final FetchProperties properties = new FetchProperties(
            DataSize.ofMegabytes(1), DataSize.ofMegabytes(1), MOST, Duration.ofMinutes(1), Duration.ofMillis(5));
    private final TailCache cache = new TailCache(
            properties, new FetchMetrics(new SimpleMeterRegistry()), TestHighWatermarks.unused(), Clock.systemUTC());
    private final PartitionTail tail = new PartitionTail(1, cache, PartitionBounds.settled(1, 0, 5), 0);

    @Test
    void afterAPageOfSmallBatchesTheNextAsksForTwiceAsManyUpToTheMaximum() {
        assertThat(tail.batchesPerPage()).isEqualTo(32);
        tail.pageRead(32, 32, 1000, false, MOST);
        assertThat(tail.batchesPerPage()).isEqualTo(64);
        tail.pageRead(900, 900, 1000, false, MOST);
        assertThat(tail.batchesPerPage()).isEqualTo(1000);
    }

    @Test
    void afterAFullPageTheNextAsksForLittleMoreThanFilledIt() {
        tail.pageRead(1000, 20, 1000, true, MOST);
        assertThat(tail.batchesPerPage()).isEqualTo(26);
    }

    /** Records that were erased meanwhile may be in it. */
    @Test
    void aPageThatWasReadBeforeTheTailForgotIsNotTakenIn() {
        RecordBatch batch = batch();

        assertThat(tail.fill(5, 1000, (_, _) -> {
                    tail.forget();
                    return List.of(batch);
                }))
                .containsExactly(batch);
        assertThat(tail.cached(5, 1000)).isEmpty();
        tail.fill(5, 1000, (_, _) -> List.of(batch));
        assertThat(tail.cached(5, 1000)).containsExactly(batch);
        tail.forget();
        assertThat(tail.cached(5, 1000)).isEmpty();
    }

    private static RecordBatch batch() {
        byte[][] values = {{1}};
        return new RecordBatch(1, 5, null, new RecordColumns(new long[] {1}, null, values, null, null, 1));
    }

    @Test
    void aPageKeptSmallForItsReaderDoesNotChangeTheEstimate() {
        tail.pageRead(1, 1, 1000, false, MOST);
        assertThat(tail.batchesPerPage()).isEqualTo(32);
        assertThat(tail.batchWeight()).isEqualTo(1000);
    }

    @Test
    void aPageAtTheEndOfThePartitionDoesNotChangeTheEstimate() {
        tail.pageRead(32, 1, 1000, false, MOST);
        assertThat(tail.batchesPerPage()).isEqualTo(32);
    }
}
