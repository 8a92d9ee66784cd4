package io.millrace.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.eventlog.FakeLog;
import io.millrace.eventlog.RecordBatch;
import io.millrace.replication.Leader;
import io.millrace.time.SettableTicker;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** A lane on a fake log, with a time that stands still. */
class LaneTest {

    private static final Duration POLL = Duration.ofMillis(200);

    /** A lane that makes no progress for longer than this counts as stalled. */
    private static final Duration STALL = Duration.ofSeconds(3);

    private final SettableTicker ticker = SettableTicker.standing();
    private final FakeLog log = new FakeLog();
    private final List<Topic> deleted = new ArrayList<>();
    private final List<String> committed = new ArrayList<>();
    private final Map<Integer, CompletableFuture<Void>> waits = new TreeMap<>();
    private final Lane lane = new Lane(
            "lane-0",
            log,
            List.of(batches -> batches.forEach(batch -> committed.add(offsetsOf(batch)))),
            new AppendProperties(1, DataSize.ofKilobytes(1), DataSize.ofMegabytes(4), Duration.ofSeconds(1)),
            new AppendMetrics(new SimpleMeterRegistry()),
            ticker.clock(),
            ticker,
            deleted::add,
            this::replicas);
    private final Topic flights = topic(1, log.create(2));

    @BeforeEach
    void connect() throws Exception {
        idle();
    }

    @Test
    void queuedRequestsAreStoredInOneCommitAndEachGetsItsOffsets() throws Exception {
        CompletableFuture<Appended> first = enqueue(flights, 0, "a", "b");
        CompletableFuture<Appended> second = enqueue(flights, 1, "c");
        CompletableFuture<Appended> third = enqueue(flights, 0, "d");

        lane.round();

        assertThat(first.join().offsets()).containsExactly(0, 1);
        assertThat(second.join().offsets()).containsExactly(0);
        assertThat(third.join().offsets()).containsExactly(2);
        assertThat(committed).containsExactly("1: 0 to 2", "2: 0 to 0");

        CompletableFuture<Appended> next = enqueue(flights, 0, "e");
        lane.round();
        assertThat(next.join().offsets()).containsExactly(3);
        assertThat(log.values(1)).containsExactly("a", "b", "d", "e");
    }

    @Test
    void onlyRequestsOfADeletedTopicAreRefused() throws Exception {
        List<Integer> ids = log.create(1);
        Topic gone = topic(2, ids);
        log.delete(ids.getFirst());
        CompletableFuture<Appended> refused = enqueue(gone, 0, "a");
        CompletableFuture<Appended> stored = enqueue(flights, 0, "b");

        lane.round();

        assertThat(errorOf(refused)).isEqualTo(HubError.UNKNOWN_TOPIC);
        assertThat(deleted).containsExactly(gone);
        assertThat(stored.join().offsets()).containsExactly(0);
        assertThat(committed).containsExactly("1: 0 to 0");
    }

    @Test
    void aCommitThatTheLogRefusesStoresNothingAndTheNextOneHasANewConnection() throws Exception {
        log.refuse(2, true);
        CompletableFuture<Appended> one = enqueue(flights, 0, "a");
        CompletableFuture<Appended> other = enqueue(flights, 1, "b");
        lane.round();

        assertThat(Stream.of(one, other).map(LaneTest::errorOf)).containsOnly(HubError.STORAGE_UNAVAILABLE);
        assertThat(log.values(1)).isEmpty();
        assertThat(committed).isEmpty();
        assertThat(lane.obstacle()).contains("the last commit failed");
        assertThat(refusal(() -> enqueue(flights, 0, "c"))).isEqualTo(HubError.STORAGE_UNAVAILABLE);

        log.refuse(2, false);
        idle();
        assertThat(lane.obstacle()).isNull();
        assertThat(log.opened()).isEqualTo(2);
        CompletableFuture<Appended> again = enqueue(flights, 1, "d");
        lane.round();
        assertThat(again.join().offsets()).containsExactly(0);
    }

    @Test
    void theOutcomeOfACommitWhoseConnectionBreaksIsUnknown() throws Exception {
        log.breakNext();
        CompletableFuture<Appended> broken = enqueue(flights, 0, "a");
        lane.round();

        assertThat(errorOf(broken)).isEqualTo(HubError.OUTCOME_UNKNOWN);
        assertThat(committed)
                .as("listeners are not told of a commit whose outcome is unknown")
                .isEmpty();

        idle();
        CompletableFuture<Appended> next = enqueue(flights, 0, "b");
        lane.round();
        assertThat(next.join().offsets()).as("it was stored").containsExactly(1);
    }

    @Test
    void aLaneOnAFullDiskChecksForRoomBeforeItAcceptsRequests() throws Exception {
        log.full(true);
        CompletableFuture<Appended> refused = enqueue(flights, 0, "a");
        lane.round();
        assertThat(errorOf(refused)).isEqualTo(HubError.STORAGE_UNAVAILABLE);

        assertThatExceptionOfType(SQLException.class).isThrownBy(lane::round);
        assertThat(refusal(() -> enqueue(flights, 0, "b"))).isEqualTo(HubError.STORAGE_UNAVAILABLE);

        log.full(false);
        idle();
        assertThat(lane.obstacle()).isNull();
    }

    @Test
    void requestsBeyondAFullQueueAreRefusedAtOnceAndTheRestIsStored() throws Exception {
        List<CompletableFuture<Appended>> queued = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            queued.add(enqueue(flights, 0, "x".repeat(100)));
        }

        assertThat(refusal(() -> enqueue(flights, 0, "y".repeat(100)))).isEqualTo(HubError.OVERLOADED);
        lane.round();

        assertThat(queued.stream().map(answer -> answer.join().offsets()[0])).containsExactly(0L, 1L, 2L, 3L);
        enqueue(flights, 0, "z".repeat(100));
    }

    @Test
    void aCommitThatTakesTooLongIsAnObstacleAndNothingMoreIsQueued() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        log.answerAfter(goOn);
        CompletableFuture<Appended> slow = enqueue(flights, 0, "slow");
        CompletableFuture<Void> round = inThread(lane::round);
        await().until(() -> lane.obstacle() == null && ticker.waiting() == 0);

        ticker.advance(STALL);
        assertThat(lane.obstacle()).isNull();
        CompletableFuture<Appended> queued = enqueue(flights, 0, "queued");

        ticker.advance(Duration.ofNanos(1));
        assertThat(lane.obstacle()).isEqualTo("nothing has been stored for seconds");
        assertThat(refusal(() -> enqueue(flights, 0, "late"))).isEqualTo(HubError.STORAGE_UNAVAILABLE);

        goOn.countDown();
        round.join();
        lane.round();
        assertThat(lane.obstacle()).isNull();
        assertThat(slow.join().offsets()).containsExactly(0);
        assertThat(queued.join().offsets()).containsExactly(1);
        assertThat(log.values(1)).containsExactly("slow", "queued");
    }

    @Test
    void anIdleConnectionThatBreaksIsNoticedBeforeTheNextRequest() throws Exception {
        log.away(true);
        for (int round = 0; round < 4; round++) {
            idle();
        }
        assertThat(lane.obstacle()).as("asked every five idle rounds").isEqualTo("PostgreSQL cannot be reached");
        assertThat(log.asked()).isEqualTo(1);
        assertThat(refusal(() -> enqueue(flights, 0, "a"))).isEqualTo(HubError.STORAGE_UNAVAILABLE);
        assertThatExceptionOfType(SQLException.class).isThrownBy(lane::round);

        log.away(false);
        idle();
        assertThat(lane.obstacle()).isNull();
    }

    @Test
    void aClosedLaneRefusesQueuedRequests() throws Exception {
        CompletableFuture<Appended> queued = enqueue(flights, 0, "a");

        lane.close();

        assertThat(errorOf(queued)).isEqualTo(HubError.STORAGE_UNAVAILABLE);
        assertThat(refusal(() -> enqueue(flights, 0, "b"))).isEqualTo(HubError.STORAGE_UNAVAILABLE);
        assertThat(log.values(1)).isEmpty();
    }

    @Test
    void requestsForMoreCopiesAreAnsweredWhenStandbysHaveThemAndHoldUpNobodyElse() throws Exception {
        CompletableFuture<Appended> alone = enqueueFor(1, flights, 0, "a");
        CompletableFuture<Appended> two = enqueueFor(2, flights, 0, "b");
        CompletableFuture<Appended> three = enqueueFor(3, flights, 1, "c");
        CompletableFuture<Appended> twoMore = enqueueFor(2, flights, 1, "d");

        lane.round();

        assertThat(alone.join().offsets()).containsExactly(0);
        assertThat(List.of(two, three, twoMore)).noneMatch(CompletableFuture::isDone);
        assertThat(waits).containsOnlyKeys(2, 3);
        assertThat(committed).containsExactly("1: 0 to 1", "2: 0 to 1");

        CompletableFuture<Void> first = waits.remove(2);
        first.complete(null);
        assertThat(two.join().offsets()).containsExactly(1);
        assertThat(twoMore.join().offsets()).containsExactly(1);
        assertThat(three).isNotDone();

        CompletableFuture<Appended> next = enqueueFor(1, flights, 0, "e");
        lane.round();
        assertThat(next.join().offsets()).containsExactly(2);
    }

    @Test
    void standbysThatDoNotConfirmLeaveTheOutcomeUnknown() throws Exception {
        CompletableFuture<Appended> two = enqueueFor(2, flights, 0, "a");
        lane.round();

        waits.get(2).completeExceptionally(new HubException(HubError.OUTCOME_UNKNOWN, "no standby"));

        assertThat(errorOf(two)).isEqualTo(HubError.OUTCOME_UNKNOWN);
        assertThat(log.values(1)).hasSize(1);
    }

    @Test
    void recordsWithoutATimestampGetTheTimeOfTheirCommit() throws Exception {
        ticker.advance(Duration.ofHours(24));
        List<Long> timestamps = new ArrayList<>();
        Lane other = new Lane(
                "lane-1",
                log,
                List.of(batches -> batches.forEach(batch -> timestamps.add(batch.timestamp(0)))),
                new AppendProperties(1, DataSize.ofKilobytes(1), DataSize.ofMegabytes(4), Duration.ofSeconds(1)),
                new AppendMetrics(new SimpleMeterRegistry()),
                ticker.clock(),
                ticker,
                deleted::add,
                this::replicas);
        idle(other);
        other.enqueue(new AppendRequest(flights, List.of(record("a")), new int[] {0}, 1));

        other.round();

        assertThat(timestamps)
                .containsExactly(Instant.parse("2026-01-02T00:00:00Z")
                        .plus(POLL)
                        .plus(POLL)
                        .toEpochMilli());
    }

    /** A round in which no request comes. */
    private void idle() throws Exception {
        idle(lane);
    }

    private void idle(Lane waiting) {
        CompletableFuture<Void> round = inThread(waiting::round);
        await().until(() -> ticker.waiting() == 1 || round.isDone());
        ticker.advance(POLL);
        round.join();
    }

    private CompletableFuture<Appended> enqueue(Topic topic, int partition, String... values) {
        return enqueueFor(1, topic, partition, values);
    }

    private CompletableFuture<Appended> enqueueFor(int copies, Topic topic, int partition, String... values) {
        int[] partitions = new int[values.length];
        java.util.Arrays.fill(partitions, partition);
        AppendRequest request =
                new AppendRequest(topic, Stream.of(values).map(LaneTest::record).toList(), partitions, copies);
        lane.enqueue(request);
        return request.answer();
    }

    /** One wait a commit for each number of copies. */
    private CompletableFuture<Void> replicas(int copies, Leader leader) {
        assertThat(leader).isEqualTo(FakeLog.LEADER);
        CompletableFuture<Void> wait = new CompletableFuture<>();
        assertThat(waits.put(copies, wait)).isNull();
        return wait;
    }

    private static NewRecord record(String value) {
        return new NewRecord(
                NewRecord.ANY_PARTITION,
                NewRecord.NO_TIMESTAMP,
                null,
                value.getBytes(StandardCharsets.UTF_8),
                null,
                (byte) 0);
    }

    private static Topic topic(int id, List<Integer> partitionIds) {
        return new Topic(id, "topic-" + id, partitionIds, TopicConfig.DEFAULTS, Instant.EPOCH, 1);
    }

    private static String offsetsOf(RecordBatch batch) {
        return batch.partitionId() + ": " + batch.firstOffset() + " to " + batch.lastOffset();
    }

    private static HubError refusal(Callable<?> enqueued) {
        try {
            enqueued.call();
        } catch (HubException refusal) {
            return refusal.error();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
        throw new AssertionError("was not refused");
    }

    private static HubError errorOf(CompletableFuture<Appended> answer) {
        assertThat(answer).isCompletedExceptionally();
        return ((HubException) answer.exceptionNow()).error();
    }

    @FunctionalInterface
    private interface Round {
        void run() throws Exception;
    }

    /** A new thread: a lane that hangs in one test must not block a thread of the next. */
    private static CompletableFuture<Void> inThread(Round round) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                round.run();
                done.complete(null);
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }
}
