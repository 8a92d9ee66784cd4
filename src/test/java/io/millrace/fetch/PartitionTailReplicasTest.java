package io.millrace.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.budget.ClientMemory;
import io.millrace.budget.Hold;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.HighWatermarks;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.TestBatches;
import io.millrace.eventlog.TestHighWatermarks;
import io.millrace.replication.FakeReplicas;
import io.millrace.replication.Leader;
import io.millrace.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** The high watermark of a partition that asks for two copies. */
class PartitionTailReplicasTest {

    private static final Leader PROMOTED = new Leader(1, 2);

    private final FakeReplicas servers = new FakeReplicas();
    private final FetchProperties properties = new FetchProperties(
            DataSize.ofMegabytes(1), DataSize.ofMegabytes(1), 1000, Duration.ofMinutes(1), Duration.ofMillis(5));
    private final HighWatermarks highWatermarks = TestHighWatermarks.on(servers.replication());
    private final TailCache cache =
            new TailCache(properties, new FetchMetrics(new SimpleMeterRegistry()), highWatermarks, Clock.systemUTC());
    private final PartitionTail tail = new PartitionTail(1, cache, bounds(0, 5, 5), 0);
    private final Signal reader = new Signal();

    @BeforeEach
    void oneStandby() {
        servers.write(100);
        servers.standby("a", "quorum", 100);
        tail.watch(reader);
    }

    @Test
    void recordsAreReadableOnceTheStandbyHasThem() throws Exception {
        servers.write(10);
        tail.appended(TestBatches.of(1, 5, "a", "b"));
        servers.round();

        assertThat(tail.highWatermark()).isEqualTo(5);
        assertThat(tail.bounds().end()).isEqualTo(7);
        assertThat(raised()).isFalse();

        servers.standby("a", "quorum", 110);
        servers.round();

        assertThat(tail.highWatermark()).isEqualTo(7);
        assertThat(raised()).isTrue();
    }

    @Test
    void recordsThatCameDuringAWaitAreWaitedForAfterIt() {
        servers.write(10);
        tail.appended(TestBatches.of(1, 5, "a"));
        servers.round();
        servers.write(10);
        tail.advanced(9);

        servers.standby("a", "quorum", 110);
        servers.round();
        assertThat(tail.highWatermark()).isEqualTo(6);

        servers.round();
        assertThat(tail.highWatermark()).isEqualTo(6);

        servers.standby("a", "quorum", 120);
        servers.round();
        assertThat(tail.highWatermark()).isEqualTo(9);
    }

    @Test
    void whatIsNotReadableYetIsNotTaken() {
        tail.appended(TestBatches.of(1, 5, "a", "b"));
        tail.appended(TestBatches.of(1, 7, "c"));

        assertThat(take(5).isEmpty()).isTrue();

        tail.advanced(bounds(0, 7, 8));
        assertThat(take(5).count()).isEqualTo(2);
        assertThat(take(5).nextOffset()).isEqualTo(7);
    }

    /** Another node has stored it, and this one has not been told yet. */
    @Test
    void whatThePageOfADatabaseHasBeyondTheKnownEndIsNotTaken() {
        List<RecordBatch> page = List.of(TestBatches.of(1, 3, "a", "b"), TestBatches.of(1, 5, "c"));

        assertThat(tail.bounds().awaitsReplicas()).isFalse();
        assertThat(Fetched.take(page, 3, 10, 1000, tail.bounds()).nextOffset()).isEqualTo(5);
    }

    @Test
    void aReportOfTheSameEpochNeverLowersTheHighWatermark() {
        tail.advanced(bounds(0, 3, 5));

        assertThat(tail.highWatermark()).isEqualTo(5);
    }

    @Test
    void aReaderBetweenTheHighWatermarkAndTheEndWaitsAndIsNotReset() {
        tail.appended(TestBatches.of(1, 5, "a", "b"));

        FollowedPartition inside = at(7);
        assertThat(inside.needsResetOrRemoval()).isFalse();
        assertThat(inside.hasMore()).isFalse();
        assertThat(inside.onward(tail.bounds())).isEqualTo(new StartPosition.AtOffset(7));

        FollowedPartition beyond = at(8);
        assertThat(beyond.needsResetOrRemoval()).isTrue();
        assertThat(beyond.onward(tail.bounds())).isEqualTo(new StartPosition.AtOffset(7));
    }

    private FollowedPartition at(long position) {
        Hold hold = new ClientMemory(1_000_000, Ticker.SYSTEM).share().hold();
        TailStart start = new TailStart(new TopicPartition("t", 0), tail, position, new StartPosition.Earliest());
        return new FollowedPartition(start, new PageMemory(hold, reader, false));
    }

    @Test
    void aNewLeaderKeepsWhatWasReplicatedAndDropsTheRest() {
        servers.write(10);
        tail.appended(TestBatches.of(1, 5, "a"));
        servers.standby("a", "quorum", 110);
        servers.round();
        tail.appended(TestBatches.of(1, 6, "b", "c"));
        assertThat(tail.highWatermark()).isEqualTo(6);

        // It was saved a second ago that five records are safe; seven have survived.
        tail.advanced(new PartitionBounds(new PartitionBounds.Epoch(2, 7), 0, 5, 5, 7, 2));

        assertThat(tail.highWatermark()).isEqualTo(6);
        assertThat(tail.bounds().end()).isEqualTo(7);

        tail.advanced(new PartitionBounds(new PartitionBounds.Epoch(3, 4), 0, 2, 2, 4, 2));
        assertThat(tail.highWatermark()).isEqualTo(4);
    }

    @Test
    void whatOnlyTheOldLeaderHadStaysUnreadableUnderTheNewOneUntilThatSaysWhatItHas() {
        servers.round();
        servers.write(10);
        tail.appended(TestBatches.of(1, 5, "lost"));
        servers.round();

        servers.lead(PROMOTED);
        servers.standby("a", "quorum", servers.written());
        servers.round();
        assertThat(tail.highWatermark()).isEqualTo(5);

        // Read from the new leader before its epoch has begun.
        tail.advanced(bounds(0, 5, 5));
        tail.advanced(6);
        servers.round();
        servers.round();
        assertThat(tail.highWatermark()).isEqualTo(5);

        PartitionBounds current = new PartitionBounds(new PartitionBounds.Epoch(2, 5), 0, 5, 5, 5, 2);
        tail.advanced(current);
        TestHighWatermarks.leads(highWatermarks, 2, PROMOTED);
        servers.write(10);
        tail.appended(TestBatches.of(1, 5, "new"));
        servers.standby("a", "quorum", servers.written());
        servers.round();
        assertThat(tail.highWatermark()).isEqualTo(6);
    }

    /** The order of events when a lane finds the new leader. */
    @Test
    void aWaitThatBeganBeforeTheEpochWasKnownBeginsAgain() {
        servers.lead(PROMOTED);
        PartitionBounds current = new PartitionBounds(new PartitionBounds.Epoch(2, 5), 0, 5, 5, 6, 2);
        tail.advanced(current);
        servers.standby("a", "quorum", servers.written());
        servers.round();
        assertThat(tail.highWatermark()).isEqualTo(5);

        TestHighWatermarks.leads(highWatermarks, 2, PROMOTED);
        tail.advanced(current);
        servers.round();

        assertThat(tail.highWatermark()).isEqualTo(6);
    }

    /** A connection may still lead to it. */
    @Test
    void aFormerLeaderIsNotFollowedAgain() {
        TestHighWatermarks.leads(highWatermarks, 2, PROMOTED);
        TestHighWatermarks.leads(highWatermarks, 0, FakeReplicas.LEADER);
        servers.write(10);
        tail.appended(TestBatches.of(1, 5, "a"));
        servers.standby("a", "quorum", servers.written());
        servers.round();

        assertThat(tail.highWatermark()).isEqualTo(5);
    }

    @Test
    void aTopicThatAsksForOneCopyAgainShowsAll() {
        tail.appended(TestBatches.of(1, 5, "a", "b"));
        assertThat(tail.highWatermark()).isEqualTo(5);

        tail.advanced(PartitionBounds.settled(1, 0, 7));

        assertThat(tail.highWatermark()).isEqualTo(7);
    }

    private boolean raised() throws InterruptedException {
        return reader.await(Ticker.SYSTEM.in(Duration.ZERO));
    }

    private Fetched take(long offset) {
        return Fetched.take(tail.cached(offset, 1000), offset, 100, 1000, tail.bounds());
    }

    private static PartitionBounds bounds(long start, long replicated, long end) {
        return new PartitionBounds(new PartitionBounds.Epoch(0, 0), start, replicated, replicated, end, 2);
    }
}
