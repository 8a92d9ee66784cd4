package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.event.HubError;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool of one connection that considers PostgreSQL unreachable after a second. */
class RequestPoolIT {

    private static final int SILENCE_MILLIS = 1000;
    private static final Executor REQUESTS =
            call -> Thread.ofVirtual().name("request").start(call);
    private static final Executor LOOPS =
            call -> Thread.ofPlatform().daemon().name("loop").start(call);

    private static final ConditionFactory SOON =
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));

    private final TestDatabase database = TestPostgres.newDatabase();
    private RequestPool pool = pool(Duration.ofMinutes(1));

    private RequestPool pool(Duration patience) {
        RequestPool made = new RequestPool(1, patience, Ticker.SYSTEM);
        made.setJdbcUrl(database.jdbcUrl());
        made.setUsername(database.username());
        made.setPassword(database.password());
        made.setMaximumPoolSize(1);
        made.setConnectionTimeout(SILENCE_MILLIS);
        return made;
    }

    @AfterEach
    void close() {
        pool.close();
    }

    /** Holds a connection for {@code millis} in {@code pg_sleep}. */
    private CompletableFuture<Integer> use(Executor thread, int number, int millis, List<Integer> served) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Connection connection = pool.getConnection()) {
                        served.add(number);
                        connection
                                .createStatement()
                                .execute("select pg_catalog.pg_sleep(%s)".formatted(millis / 1000.0));
                        return number;
                    } catch (SQLException failure) {
                        throw new IllegalStateException(failure);
                    }
                },
                thread);
    }

    @Test
    void whileOthersGetConnectionsRequestsWaitInOrder() throws Exception {
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        try (Connection first = pool.getConnection()) {
            for (int i = 0; i < 12; i++) {
                int waiting = i;
                all.add(use(REQUESTS, i, 200, served));
                SOON.until(() ->
                        pool.waiting() == waiting && pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
            }
        }
        for (CompletableFuture<Integer> one : all) {
            one.get();
        }
        assertThat(served)
                .containsExactlyElementsOf(IntStream.range(0, 12).boxed().toList());
    }

    @Test
    void whenNoCallerGetsAConnectionAllWaitingCallersAreToldThatPostgresIsUnavailable() throws Exception {
        try (Connection only = pool.getConnection()) {
            long began = System.nanoTime();
            List<CompletableFuture<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(use(i % 2 == 0 ? REQUESTS : LOOPS, i, 1, new ArrayList<>()));
            }
            for (CompletableFuture<Integer> one : all) {
                assertThatThrownBy(one::get)
                        .hasRootCauseInstanceOf(SQLTransientConnectionException.class)
                        .satisfies(failure ->
                                assertThat(StorageFailures.unavailable(failure)).isTrue())
                        .satisfies(failure -> assertThat(
                                        StorageFailures.refusal(failure).error())
                                .isEqualTo(HubError.STORAGE_UNAVAILABLE));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(SILENCE_MILLIS), Duration.ofSeconds(5));
            assertThat(only.isValid(1)).isTrue();
        }
        assertThat(pool.waiting()).isZero();
        assertThat(use(REQUESTS, 7, 1, new ArrayList<>()).get()).isEqualTo(7);
    }

    @Test
    void aRequestThatWaitsLongerThanThePatienceIsToldThatTheHubIsBusy() throws Exception {
        pool.close();
        pool = pool(Duration.ofMillis(600));
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Integer>> all = IntStream.range(0, 30)
                .mapToObj(i -> use(REQUESTS, i, 100, served))
                .toList();
        int refused = 0;
        for (CompletableFuture<Integer> one : all) {
            try {
                one.get();
            } catch (ExecutionException failure) {
                refused++;
                assertThat(StorageFailures.unavailable(failure)).isTrue();
                assertThat(StorageFailures.refusal(failure).error()).isEqualTo(HubError.OVERLOADED);
            }
        }
        assertThat(served).isNotEmpty().hasSize(30 - refused);
        assertThat(refused).isPositive();
        assertThat(pool.waiting()).isZero();
    }

    @Test
    void loopsBypassTheLine() throws Exception {
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Integer>> requests = IntStream.range(0, 10)
                .mapToObj(i -> use(REQUESTS, i, 100, served))
                .toList();
        SOON.until(() -> pool.waiting() >= 5);
        CompletableFuture<Integer> loop = use(LOOPS, -1, 1, served);
        loop.get();
        assertThat(served).contains(-1).hasSizeLessThan(10);
        for (CompletableFuture<Integer> one : requests) {
            one.get();
        }
    }
}
