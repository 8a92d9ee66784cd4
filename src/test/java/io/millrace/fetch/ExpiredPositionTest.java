package io.millrace.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.budget.ClientMemory;
import io.millrace.event.StartPosition;
import io.millrace.event.StartPosition.AtOffset;
import io.millrace.event.StartPosition.AtTimestamp;
import io.millrace.event.StartPosition.Earliest;
import io.millrace.event.StartPosition.Latest;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.TestHighWatermarks;
import io.millrace.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Where a reader goes on in a partition that starts at 20 and ends at 90. */
class ExpiredPositionTest {

    private static final PartitionBounds BOUNDS = PartitionBounds.settled(1, 20, 90);

    private final FetchProperties properties = new FetchProperties(
            DataSize.ofMegabytes(1), DataSize.ofMegabytes(1), 1000, Duration.ofMinutes(1), Duration.ofMillis(5));
    private final TailCache cache = new TailCache(
            properties, new FetchMetrics(new SimpleMeterRegistry()), TestHighWatermarks.unused(), Clock.systemUTC());

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 19})
    void beforeTheStartTheReaderSaysWhere(long position) {
        assertThat(onward(position, new Earliest())).isEqualTo(new Earliest());
        assertThat(onward(position, new Latest())).isEqualTo(new Latest());
        assertThat(onward(position, new AtTimestamp(4000))).isEqualTo(new AtTimestamp(4000));
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 57, 90})
    void aPositionThatCanBeReadIsKept(long position) {
        assertThat(onward(position, new Latest())).isEqualTo(new AtOffset(position));
    }

    @Test
    void afterASeekItIsTheStartUntilSomethingHasBeenRead() {
        FollowedPartition followed = followed(57, new Latest());
        followed.sought(7);
        assertThat(followed.onward(BOUNDS)).isEqualTo(new Earliest());

        followed.seek(20);
        assertThat(followed.onward(PartitionBounds.settled(1, 30, 90))).isEqualTo(new Latest());
    }

    @Test
    void beyondTheEndItIsTheEnd() {
        assertThat(onward(91, new Earliest())).isEqualTo(new AtOffset(90));
        assertThat(onward(91, new AtTimestamp(4000))).isEqualTo(new AtOffset(90));
    }

    @Test
    void recordsLostWithTheirLeaderLeadToWhereTheEpochBegan() {
        PartitionBounds promoted = new PartitionBounds(new PartitionBounds.Epoch(2, 50), 20, 90, 90, 90, 1);

        assertThat(followed(57, new Latest()).onward(promoted)).isEqualTo(new AtOffset(50));
    }

    private StartPosition onward(long position, StartPosition expired) {
        return followed(position, expired).onward(BOUNDS);
    }

    private FollowedPartition followed(long position, StartPosition expired) {
        PartitionTail tail = new PartitionTail(1, cache, BOUNDS, 0);
        PageMemory memory = new PageMemory(
                new ClientMemory(1_000_000, Ticker.SYSTEM).share().hold(), new Signal(), false);
        return new FollowedPartition(new TailStart(new TopicPartition("flights", 0), tail, position, expired), memory);
    }
}
