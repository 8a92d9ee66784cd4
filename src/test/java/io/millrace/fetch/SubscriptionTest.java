package io.millrace.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.budget.ClientMemory;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.TestHighWatermarks;
import io.millrace.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** A subscription to five records that cannot be read, as PostgreSQL is away. */
class SubscriptionTest {

    private static final int CONNECTIONS = 3;
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofMillis(5);

    private final FetchProperties properties =
            new FetchProperties(DataSize.ofMegabytes(1), DataSize.ofKilobytes(1), 1, Duration.ofMinutes(1), RETRY);
    private final FetchMetrics metrics = new FetchMetrics(new SimpleMeterRegistry());
    private final TailCache cache = new TailCache(properties, metrics, TestHighWatermarks.unused(), Clock.systemUTC());
    private final UnreachableLog log = new UnreachableLog();

    @Test
    void aWaitForPostgresEndsAtItsDeadline() {
        try (Subscription subscription = new Subscription(
                cache,
                log,
                metrics,
                RETRY,
                Ticker.SYSTEM,
                new ClientMemory(1_000_000, Ticker.SYSTEM).share().hold(),
                false)) {
            PartitionTail tail = cache.watch(1, subscription.signal(), () -> PartitionBounds.settled(1, 0, 5));
            subscription.follow(
                    List.of(new TailStart(new TopicPartition("flights", 0), tail, 0, new StartPosition.Earliest())));
            long began = System.nanoTime();

            Delivery delivery =
                    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> subscription.next(10, 1000, WAIT));

            assertThat(delivery).isEqualTo(new Delivery.Nothing());
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(WAIT);
            assertThat(log.asked).isGreaterThan(1);
        }
    }

    private final class UnreachableLog extends TailReader {

        private volatile int asked;

        private UnreachableLog() {
            super(cache, null, null, null, metrics, properties, CONNECTIONS);
        }

        @Override
        PartitionBounds bounds(int partitionId) {
            throw unreachable();
        }

        @Override
        HistoryPage history(PartitionTail tail, long offset, PageSize size) {
            throw unreachable();
        }

        private HubException unreachable() {
            asked++;
            return new HubException(HubError.STORAGE_UNAVAILABLE, "PostgreSQL cannot be reached");
        }
    }
}
