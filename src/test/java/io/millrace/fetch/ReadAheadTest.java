package io.millrace.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.budget.ClientMemory;
import io.millrace.budget.Hold;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.eventlog.Slice;
import io.millrace.eventlog.TestHighWatermarks;
import io.millrace.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** A subscription to partitions of 1,000 old records, with pages of ten. */
class ReadAheadTest {

    private static final int CONNECTIONS = 3;
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int RETRY_MILLIS = 5;
    private static final int RECORDS = 1000;
    private static final int PAGE_RECORDS = 10;
    private static final int VALUE_BYTES = 100;

    private final FetchProperties properties = new FetchProperties(
            DataSize.ofMegabytes(1),
            DataSize.ofBytes(PAGE_RECORDS * VALUE_BYTES),
            10,
            Duration.ofMinutes(1),
            Duration.ofMillis(RETRY_MILLIS));
    private final FetchMetrics metrics = new FetchMetrics(new SimpleMeterRegistry());
    private final TailCache cache = new TailCache(properties, metrics, TestHighWatermarks.unused(), Clock.systemUTC());
    private final OldRecords log = new OldRecords();
    private final ClientMemory memory = new ClientMemory(64 * 1024 * 1024, Ticker.SYSTEM);

    @Test
    void everyRecordOfEveryPartitionComesOnceAndInOrder() throws Exception {
        try (Subscription subscription = follow(7)) {
            List<List<Long>> offsets = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                offsets.add(new ArrayList<>());
            }
            for (int taken = 0; taken < 7 * RECORDS; ) {
                Delivery.Records delivery = (Delivery.Records) subscription.next(3, VALUE_BYTES * 3, WAIT);
                List<Long> partition = offsets.get(delivery.partition().partition());
                delivery.records().forEach((batch, i) -> partition.add(batch.offset(i)));
                taken += delivery.records().count();
            }

            assertThat(offsets).allSatisfy(partition -> assertThat(partition)
                    .containsExactlyElementsOf(
                            LongStream.range(0, RECORDS).boxed().toList()));
            assertThat(log.pages.get()).isEqualTo(7 * RECORDS / PAGE_RECORDS);
        }
    }

    @Test
    void aPageIsReadWhileTheOneBeforeItIsBeingDelivered() throws Exception {
        try (Subscription subscription = follow(1)) {
            subscription.next(1, VALUE_BYTES, WAIT);

            await().untilAsserted(() -> assertThat(log.pages.get()).isEqualTo(2));
        }
    }

    @Test
    void aConsumerHoldsTwoFullPagesWithManyPartitions() throws Exception {
        try (Subscription subscription = follow(50)) {
            for (int i = 0; i < 4; i++) {
                subscription.next(1, VALUE_BYTES, WAIT);
                await().until(() -> !log.reading());
            }

            assertThat(log.pages.get()).isEqualTo(2);
        }
    }

    @Test
    void aConsumerThatMayTakeOneRecordReadsOneBatch() throws Exception {
        try (Subscription subscription = follow(1)) {
            subscription.permit(1);
            assertThat(subscription.next(1, VALUE_BYTES, WAIT)).isInstanceOf(Delivery.Records.class);
            subscription.permit(0);
            assertThat(subscription.next(1, VALUE_BYTES, SHORT)).isEqualTo(new Delivery.Nothing());

            assertThat(log.pages.get()).isEqualTo(1);
            assertThat(log.mostBatches.get()).isEqualTo(1);
        }
    }

    @Test
    void aConsumerWithoutDemandSoonHoldsNothing() throws Exception {
        try (Subscription subscription = follow(3)) {
            subscription.next(1, VALUE_BYTES, WAIT);
            await().until(() -> log.pages.get() == 2 && !log.reading());
            assertThat(memory.held()).isPositive();

            subscription.permit(0);
            subscription.next(1, VALUE_BYTES, Duration.ofSeconds(1));
            assertThat(memory.held()).isZero();

            subscription.permit(10);
            Delivery.Records next = (Delivery.Records) subscription.next(1, VALUE_BYTES, WAIT);
            assertThat(next.records().fromOffset()).isZero();
        }
        assertThat(memory.held()).isZero();
    }

    @Test
    void aPausedPartitionHoldsNothing() throws Exception {
        try (Subscription subscription = follow(1)) {
            subscription.next(1, VALUE_BYTES, WAIT);
            await().until(() -> log.pages.get() == 2 && !log.reading());
            subscription.pause(_ -> true, true);
            subscription.next(1, VALUE_BYTES, SHORT);
            assertThat(memory.held()).isZero();

            subscription.pause(_ -> true, false);
            Delivery.Records next = (Delivery.Records) subscription.next(1, VALUE_BYTES, WAIT);
            assertThat(next.records().fromOffset()).isEqualTo(1);
        }
    }

    @Test
    void aPageWaitsForMemory() throws Exception {
        try (Hold others = memory.share().hold();
                Subscription subscription = follow(1)) {
            others.correct(0, memory.capacity());
            assertThat(subscription.next(1, VALUE_BYTES, SHORT)).isEqualTo(new Delivery.Nothing());
            assertThat(log.pages.get()).isZero();

            Thread.ofVirtual().start(others::close);
            assertThat(subscription.next(1, VALUE_BYTES, WAIT)).isInstanceOf(Delivery.Records.class);
        }
    }

    @Test
    void aPageThatTurnsOutTooLargeForTheMemoryIsDroppedAndReadLater() throws Exception {
        log.valueBytes = 1024 * 1024;
        try (Hold others = memory.share().hold();
                Subscription subscription = follow(1)) {
            long left = memory.capacity() / 8 + 1024 * 1024;
            others.correct(0, memory.capacity() - left);
            assertThat(subscription.next(1, VALUE_BYTES, Duration.ofMillis(200)))
                    .isEqualTo(new Delivery.Nothing());
            assertThat(log.pages.get()).isEqualTo(1);
            assertThat(memory.held()).isEqualTo(memory.capacity() - left);

            Thread.ofVirtual().start(others::close);
            assertThat(subscription.next(1, VALUE_BYTES, WAIT)).isInstanceOf(Delivery.Records.class);
            assertThat(log.pages.get()).isEqualTo(2);
        }
        assertThat(memory.held()).isZero();
    }

    @Test
    void aPageOfUnknownSizeDoesNotUseTheReserveForSmallRequests() throws Exception {
        try (Hold others = memory.share().hold();
                Subscription subscription = follow(1)) {
            others.correct(0, memory.capacity() * 7 / 8);
            assertThat(subscription.next(1, VALUE_BYTES, SHORT)).isEqualTo(new Delivery.Nothing());
            assertThat(log.pages.get()).isZero();
        }
    }

    @Test
    void forOneCallAPageThatTurnsOutTooLargeForTheMemoryIsRefused() throws Exception {
        log.valueBytes = 1024 * 1024;
        try (Hold others = memory.share().hold();
                Subscription subscription = follow(1, true)) {
            long left = memory.capacity() / 8 + 1024 * 1024;
            others.correct(0, memory.capacity() - left);
            assertThatThrownBy(() -> subscription.next(1, VALUE_BYTES, WAIT))
                    .isInstanceOfSatisfying(HubException.class, refusal -> assertThat(refusal.error())
                            .isEqualTo(HubError.OVERLOADED));
            assertThat(log.pages.get()).isPositive();
            assertThat(memory.held()).isEqualTo(memory.capacity() - left);
        }
    }

    @Test
    void forOneCallAPageWithoutMemoryIsRefused() throws Exception {
        try (Hold others = memory.share().hold();
                Subscription subscription = follow(1, true)) {
            others.correct(0, memory.capacity());
            assertThatThrownBy(() -> subscription.next(1, VALUE_BYTES, WAIT))
                    .isInstanceOfSatisfying(HubException.class, refusal -> assertThat(refusal.error())
                            .isEqualTo(HubError.OVERLOADED));
            assertThat(log.pages.get()).isZero();
        }
    }

    @Test
    void aSubscriptionReadsNothingBeforeItsTurn() throws Exception {
        TestGate gate = new TestGate();
        try (Subscription subscription = follow(1)) {
            subscription.gate(gate);
            assertThat(subscription.next(1, VALUE_BYTES, SHORT)).isEqualTo(new Delivery.Nothing());
            assertThat(log.pages.get()).isZero();

            gate.open = true;
            subscription.wake();
            subscription.next(1, VALUE_BYTES, WAIT);
            assertThat(subscription.next(1, VALUE_BYTES, WAIT)).isInstanceOf(Delivery.Records.class);
            subscription.done();
            assertThat(gate.inside).isZero();
        }
    }

    private static final class TestGate implements TakeGate {

        private volatile boolean open;
        private int inside;

        @Override
        public boolean enter() {
            inside += open ? 1 : 0;
            return open;
        }

        @Override
        public void leave() {
            inside--;
        }
    }

    @Test
    void storedRecordsAreWaitedForEvenWithAWaitOfZero() throws Exception {
        log.gate = new CountDownLatch(1);
        try (Subscription subscription = follow(1)) {
            Thread.ofVirtual().start(() -> {
                await().until(log::reading);
                log.gate.countDown();
            });

            assertThat(subscription.next(1, VALUE_BYTES, Duration.ZERO)).isInstanceOf(Delivery.Records.class);
        }
    }

    @Test
    void forOneCallEachPartitionIsReadInItsTurn() throws Exception {
        try (Subscription subscription = follow(3, true)) {
            List<Integer> partitions = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Delivery.Records delivery = (Delivery.Records) subscription.next(1, VALUE_BYTES, Duration.ZERO);
                partitions.add(delivery.partition().partition());
            }

            assertThat(partitions).containsExactly(0, 1, 2, 0, 1);
            assertThat(log.pages.get()).isEqualTo(3);
        }
    }

    @Test
    void forOneCallHistoryRemovedByRetentionIsAReset() throws Exception {
        log.startOffset = 300;
        try (Subscription subscription = follow(1, true)) {
            assertThat(subscription.next(1, VALUE_BYTES, WAIT))
                    .isEqualTo(new Delivery.Reset(new TopicPartition("flights", 0), 0, 300, RECORDS));
        }
    }

    @Test
    void streamsThatReadHistoryLeaveConnectionsForRequests() throws Exception {
        log.gate = new CountDownLatch(1);
        List<Subscription> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                Subscription stream = follow(1);
                streams.add(stream);
                stream.wake();
                stream.next(1, VALUE_BYTES, SHORT);
            }
            await().until(log::reading);
            assertThat(log.pages.get()).isEqualTo(CONNECTIONS - 2);
            Subscription last = streams.getLast();
            assertThat(last.next(1, VALUE_BYTES, SHORT))
                    .as("the wait for a permit ends with the consumer's wait")
                    .isEqualTo(new Delivery.Nothing());

            log.gate.countDown();
            assertThat(last.next(1, VALUE_BYTES, WAIT)).isInstanceOf(Delivery.Records.class);
        } finally {
            log.gate.countDown();
            streams.forEach(Subscription::close);
        }
    }

    @Test
    void onePageIsReadAtATime() throws Exception {
        log.gate = new CountDownLatch(1);
        try (Subscription subscription = follow(3)) {
            for (int i = 0; i < 3; i++) {
                subscription.wake();
                assertThat(subscription.next(1, VALUE_BYTES, WAIT)).isEqualTo(new Delivery.Nothing());
            }

            await().untilAsserted(() -> assertThat(log.pages.get()).isEqualTo(1));
            log.gate.countDown();
        }
    }

    @Test
    void aPageRequestedBeforeASeekIsNotDeliveredAfterIt() throws Exception {
        log.gate = new CountDownLatch(1);
        TopicPartition partition = new TopicPartition("flights", 0);
        try (Subscription subscription = follow(1)) {
            subscription.seek(partition, 500);
            subscription.wake();
            assertThat(subscription.next(1, VALUE_BYTES, WAIT)).isEqualTo(new Delivery.Nothing());
            await().untilAsserted(() -> assertThat(log.pages.get()).isEqualTo(1));
            subscription.seek(partition, 0);
            log.gate.countDown();

            Delivery.Records delivery = (Delivery.Records) subscription.next(1, VALUE_BYTES, WAIT);

            assertThat(delivery.records().batches().getFirst().firstOffset()).isZero();
        }
    }

    @Test
    void historyThatRetentionRemovesMeanwhileIsAResetAndNotAGap() throws Exception {
        log.startOffset = 300;
        try (Subscription subscription = follow(1)) {
            assertThat(subscription.next(1, VALUE_BYTES, WAIT))
                    .isEqualTo(new Delivery.Reset(new TopicPartition("flights", 0), 0, 300, RECORDS));

            Delivery.Records delivery = (Delivery.Records) subscription.next(1, VALUE_BYTES, WAIT);
            assertThat(delivery.records().fromOffset()).isEqualTo(300);
        }
    }

    @Test
    void aFailedReadIsRepeated() throws Exception {
        log.failures.set(3);
        try (Subscription subscription = follow(1)) {
            Delivery.Records delivery = (Delivery.Records) subscription.next(1, VALUE_BYTES, WAIT);

            assertThat(delivery.records().fromOffset()).isZero();
            assertThat(log.failures.get()).isZero();
        }
    }

    @Test
    void failedReadsAreRepeatedAtTheRetryInterval() throws Exception {
        log.failures.set(Integer.MAX_VALUE);
        try (Subscription subscription = follow(1)) {
            assertThat(subscription.next(1, VALUE_BYTES, Duration.ofMillis(100)))
                    .isEqualTo(new Delivery.Nothing());

            assertThat(log.pages.get()).isBetween(2, 1 + 100 / RETRY_MILLIS);
        }
    }

    private Subscription follow(int partitions) {
        return follow(partitions, false);
    }

    private Subscription follow(int partitions, boolean forOneCall) {
        Subscription subscription = new Subscription(
                cache,
                log,
                metrics,
                properties.retryInterval(),
                Ticker.SYSTEM,
                memory.share().hold(),
                forOneCall);
        List<TailStart> starts = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            PartitionTail tail = cache.watch(i, subscription.signal(), () -> PartitionBounds.settled(1, 0, RECORDS));
            starts.add(new TailStart(new TopicPartition("flights", i), tail, 0, new StartPosition.Earliest()));
        }
        subscription.follow(starts);
        return subscription;
    }

    private final class OldRecords extends TailReader {

        private final AtomicInteger pages = new AtomicInteger();
        private final AtomicInteger mostBatches = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile long startOffset;
        private volatile int valueBytes = VALUE_BYTES;

        private OldRecords() {
            super(cache, null, null, null, metrics, properties, CONNECTIONS);
        }

        private boolean reading() {
            return finished.get() < pages.get();
        }

        @Override
        HistoryPage history(PartitionTail tail, long offset, PageSize size) {
            pages.incrementAndGet();
            mostBatches.accumulateAndGet(size.batches(), Math::max);
            try {
                if (!gate.await(WAIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the gate was not opened");
                }
                if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new HubException(HubError.STORAGE_UNAVAILABLE, "PostgreSQL cannot be reached");
                }
                HistoryPage page = page(tail, Math.max(offset, startOffset));
                tail.pageRead(size.batches(), 1, PageMemory.largest(page.batches()), true, 1);
                return page;
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            } finally {
                finished.incrementAndGet();
            }
        }

        @Override
        PartitionBounds bounds(int partitionId) {
            return PartitionBounds.settled(1, startOffset, RECORDS);
        }

        private HistoryPage page(PartitionTail tail, long from) {
            byte[][] values = new byte[PAGE_RECORDS][valueBytes];
            RecordColumns columns =
                    new RecordColumns(new long[PAGE_RECORDS], null, values, null, null, PAGE_RECORDS * valueBytes);
            RecordBatch batch = new Slice(tail.partitionId(), columns).at(from);
            return new HistoryPage(List.of(batch), bounds(tail.partitionId()));
        }
    }
}
