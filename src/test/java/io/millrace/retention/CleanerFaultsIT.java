package io.millrace.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.erasure.Eraser;
import io.millrace.erasure.ErasureAdmin;
import io.millrace.security.Caller;
import io.millrace.segment.SegmentLedger;
import io.millrace.segment.Segments;
import io.millrace.segment.Segments.Step;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.CleanupPolicy;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The cleaner dies at each of its steps, or is one of several: readers notice nothing, and the next round finishes. */
@Timeout(300)
class CleanerFaultsIT {

    private static final TopicConfig AN_HOUR = new TopicConfig(3_600_000, -1, CleanupPolicy.DELETE, 1024 * 1024, 1);
    private static final TopicConfig FOR_EVER = new TopicConfig(-1, -1, CleanupPolicy.DELETE, 1024 * 1024, 1);

    private static final List<String> NOT_ERASED = List.of("1 b=0", "3 b=1", "5 b=2", "6 c=3");

    private final TestDatabase database = TestPostgres.newDatabase();
    private final CleanedLog log = CleanedLog.on(database);
    private final List<Topic> kept = new ArrayList<>();
    private final List<Topic> compacted = new ArrayList<>();
    private final List<Topic> erased = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        threads.shutdownNow();
        log.close();
    }

    /** Ends with the cleaner's session, as when its node is killed, after so many steps. */
    private final class Death implements Segments.Breaks {

        private final int at;
        private int steps;
        private boolean died;

        Death(int at) {
            this.at = at;
        }

        private final Set<Step> seen = EnumSet.noneOf(Step.class);

        @Override
        public void after(Step step) {
            seen.add(step);
            if (++steps == at) {
                died = true;
                log.jdbc
                        .sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                                + " and application_name = 'millrace segment-cleaner'")
                        .query(Boolean.class)
                        .list();
                throw new IllegalStateException("killed after " + step);
            }
        }
    }

    @Test
    void aRoundThatEndsAnywhereIsFinishedByTheNext() throws Exception {
        Set<Step> seen = EnumSet.noneOf(Step.class);
        AtomicBoolean stop = new AtomicBoolean();
        Death death;
        int step = 0;
        do {
            death = new Death(++step);
            fill("round-" + step);
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> readUntil(stop), threads);
            Cleaner killed = cleaner(log.hub, death);
            runToItsEnd(killed, death);
            assertNothingIsLostOrDoubled();
            log.clean();
            assertNothingIsLostOrDoubled();
            stop.set(true);
            reading.join();
            stop.set(false);
            seen.addAll(death.seen);
            assertThat(log.segments()).as("after step %s", step).noneMatch(state -> state.endsWith("ing"));
            assertThat(log.tables()).hasSameSizeAs(log.segments());
            assertThat(log.records(compacted.getLast(), 0)).hasSize(5);
            assertThat(log.records(erased.getLast(), 0)).isEqualTo(NOT_ERASED);
            assertThat(log.hub.bean(Eraser.class).pending()).isZero();
        } while (death.died);

        assertThat(seen).containsAll(EnumSet.complementOf(EnumSet.of(Step.WAITED)));
    }

    private static void runToItsEnd(Cleaner cleaner, Death death) throws Exception {
        try {
            cleaner.round();
        } catch (IllegalStateException killed) {
            assertThat(death.died).isTrue();
        }
    }

    @Test
    void severalNodesCleanAtOnce() throws Exception {
        try (Hub second =
                Hub.start(database, "millrace.segment.check-interval=1d", "millrace.retention.check-interval=1d")) {
            AtomicBoolean stop = new AtomicBoolean();
            fill("first");
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> readUntil(stop), threads);
            for (int i = 0; i < 5; i++) {
                fill("both-" + i);
                CompletableFuture<Void> other = CompletableFuture.runAsync(() -> run(second), threads);
                log.clean();
                other.join();
                assertNothingIsLostOrDoubled();
            }
            stop.set(true);
            reading.join();
        }
    }

    /** Its session has been ended, so that another node goes on: what it does next fails. */
    @Test
    void aNodeThatWasFrozenPastItsSessionChangesNothing() throws Exception {
        fill("frozen");
        CountDownLatch frozen = new CountDownLatch(1);
        CountDownLatch thawed = new CountDownLatch(1);
        Cleaner slow = cleaner(log.hub, step -> {
            if (step == Step.FROZEN) {
                frozen.countDown();
                thawed.await();
            }
        });
        CompletableFuture<Void> round = CompletableFuture.runAsync(
                () -> {
                    try {
                        slow.round();
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                },
                threads);
        frozen.await();
        assertThat(log.jdbc
                        .sql("select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity where"
                                + " datname = current_database() and application_name = 'millrace"
                                + " segment-cleaner') ended")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        log.clean();
        List<String> cleaned = log.segments();
        thawed.countDown();

        assertThatThrownBy(round::join).isNotNull();
        assertThat(log.segments()).isEqualTo(cleaned);
        assertNothingIsLostOrDoubled();
    }

    /** Topics whose records expire beside one whose records stay, over several segments. */
    private void fill(String name) throws Exception {
        Topic hour = log.topic(name + "-hour", AN_HOUR);
        Topic year = log.topic(name + "-year", FOR_EVER);
        Topic latest = log.topic(name + "-latest", CompactionContract.COMPACTED);
        Topic keyed = log.topic(name + "-keyed", FOR_EVER);
        for (int segment = 0; segment < 3; segment++) {
            log.appendValues(hour, 0, log.nowMillis(), 20, 1000);
            log.append(year, 0, log.nowMillis(), 3);
            log.append(year, 1, log.nowMillis(), 2);
            log.appendKeyed(latest, 0, "a=" + segment, "b=" + segment, segment + "=x");
            log.appendKeyed(keyed, 0, "a=" + segment, "b=" + segment);
            log.roll();
        }
        log.append(year, 1, log.nowMillis(), 1);
        log.appendKeyed(keyed, 0, "c=3");
        log.hub.bean(ErasureAdmin.class).request(Caller.ANYONE, keyed.name(), new byte[] {'a'});
        log.advance(Duration.ofHours(2));
        kept.add(year);
        compacted.add(latest);
        erased.add(keyed);
    }

    private void assertNothingIsLostOrDoubled() {
        kept.forEach(this::assertComplete);
        compacted.forEach(this::assertLatest);
        erased.forEach(this::assertOthers);
    }

    /** Whether the key is erased or not. */
    private void assertOthers(Topic topic) {
        assertThat(log.records(topic, 0))
                .as(topic.name())
                .doesNotHaveDuplicates()
                .containsAll(NOT_ERASED)
                .isSubsetOf("0 a=0", "1 b=0", "2 a=1", "3 b=1", "4 a=2", "5 b=2", "6 c=3");
    }

    /** Whether compaction has been there or not. */
    private void assertLatest(Topic topic) {
        List<String> records = log.records(topic, 0);
        assertThat(records)
                .as(topic.name())
                .doesNotHaveDuplicates()
                .contains("2 0=x", "5 1=x", "6 a=2", "7 b=2", "8 2=x")
                .isSubsetOf("0 a=0", "1 b=0", "2 0=x", "3 a=1", "4 b=1", "5 1=x", "6 a=2", "7 b=2", "8 2=x");
    }

    private void assertComplete(Topic topic) {
        assertThat(log.offsets(topic, 0)).as(topic.name()).isEqualTo(RetentionContract.range(0, 9));
        assertThat(log.offsets(topic, 1)).as(topic.name()).isEqualTo(RetentionContract.range(0, 7));
        assertThat(log.recordsBySql(topic.name())).as(topic.name()).isEqualTo(16);
    }

    private void readUntil(AtomicBoolean stop) {
        List<Topic> before = List.copyOf(kept);
        List<Topic> compactedBefore = List.copyOf(compacted);
        List<Topic> erasedBefore = List.copyOf(erased);
        while (!stop.get()) {
            before.forEach(this::assertComplete);
            compactedBefore.forEach(this::assertLatest);
            erasedBefore.forEach(this::assertOthers);
        }
    }

    private static void run(Hub hub) {
        try {
            hub.runLoop("segment-cleaner");
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Cleaner cleaner(Hub hub, Segments.Breaks breaks) {
        return new Cleaner(
                hub.bean(Segments.class),
                hub.bean(SegmentLedger.class),
                hub.bean(Expiry.class),
                hub.bean(Eraser.class),
                hub.bean(Compactions.class),
                new CleaningPlan(0.3, 1_000_000_000),
                breaks);
    }
}
