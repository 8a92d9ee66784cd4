package io.millrace.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class ClientMemoryTest {

    private static final long MB = 1024 * 1024;

    private final ClientMemory memory = new ClientMemory(64 * MB, Ticker.SYSTEM);

    @Test
    void aHoldIsCountedUntilItIsClosed() {
        Share share = memory.share();
        Hold hold = share.hold();
        assertThat(hold.grow(1000)).isTrue();
        hold.shrink(400);
        assertThat(hold.bytes()).isEqualTo(600);
        assertThat(share.held()).isEqualTo(600);
        assertThat(memory.held()).isEqualTo(600);
        hold.close();
        hold.close();
        assertThat(share.held()).isZero();
        assertThat(memory.held()).isZero();
    }

    @Test
    void aClosedHoldTakesNothing() {
        Hold hold = memory.share().hold();
        hold.close();
        assertThat(hold.grow(1)).isFalse();
        hold.shrink(1);
        assertThat(memory.held()).isZero();
    }

    @Test
    void aConnectionHoldsAtMostWhatItLeavesToOthers() {
        Hold hold = memory.share().hold();
        long taken = fill(hold);
        assertThat(taken).isBetween(27 * MB, 28 * MB);
        assertThat(memory.refusals()).isEqualTo(1);
    }

    @Test
    void greedyConnectionsLeaveRoomForSmallRequests() {
        for (int i = 0; i < 200; i++) {
            fill(memory.share().hold());
        }
        assertThat(memory.capacity() - memory.held()).isGreaterThanOrEqualTo(4 * MB);
        for (int i = 0; i < 250; i++) {
            assertThat(memory.share().hold().grow(ClientMemory.SMALL_BYTES)).isTrue();
        }
    }

    @Test
    void waitersAreWokenOneAfterTheOther() {
        Hold all = memory.share().hold();
        fill(all);
        List<String> woken = new ArrayList<>();
        Share share = memory.share();
        Waiter first = share.waiter(() -> woken.add("first"));
        Waiter left = share.waiter(() -> woken.add("left"));
        Waiter last = share.waiter(() -> woken.add("last"));
        first.await();
        first.await();
        left.await();
        last.await();
        left.close();

        all.shrink(1);
        assertThat(woken).containsExactly("first");
        all.shrink(1);
        assertThat(woken).containsExactly("first", "last");
        all.close();
        assertThat(woken).containsExactly("first", "last");
    }

    @Test
    void aHoldWaitsForBytesThatAreGivenBackMeanwhile() throws InterruptedException {
        Hold all = memory.share().hold();
        fill(all);
        Hold waits = memory.share().hold();
        assertThat(waits.grow(40 * MB, Duration.ofMillis(1))).isFalse();
        Thread gives = Thread.ofVirtual().start(all::close);
        assertThat(waits.grow(40 * MB / 2, Duration.ofMinutes(1))).isTrue();
        gives.join();
        waits.close();
        assertThat(waits.grow(1, Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void bytesInMemoryAreCountedEvenBeyondTheCapacity() {
        Hold hold = memory.share().hold();
        fill(hold);
        hold.correct(0, 64 * MB);
        assertThat(memory.held()).isGreaterThan(memory.capacity());
        hold.close();
        hold.correct(0, 1);
        assertThat(memory.held()).isZero();
    }

    @Test
    void anUnderestimateAsksForTheRest() {
        Hold others = memory.share().hold();
        Hold hold = memory.share().hold();
        assertThat(hold.grow(1000)).isTrue();
        assertThat(hold.settle(1000, MB)).isTrue();
        assertThat(hold.bytes()).isEqualTo(MB);
        assertThat(hold.settle(MB, 10)).isTrue();
        assertThat(hold.bytes()).isEqualTo(10);

        others.correct(0, memory.capacity());
        assertThat(hold.settle(10, MB)).isFalse();
        assertThat(hold.bytes()).isZero();
    }

    @Test
    void anObjectAboveTheLargestRequestIsCountedInFull() {
        Hold hold = memory.share().hold();
        assertThat(hold.grow(hold.largest())).isTrue();
        assertThat(hold.settle(hold.largest(), 2 * hold.largest())).isTrue();
        assertThat(memory.held()).isEqualTo(2 * hold.largest());
    }

    @Test
    void aConnectionWithManySmallHoldsNeverExceedsTheCapacity() {
        Share share = memory.share();
        while (share.hold().grow(ClientMemory.SMALL_BYTES)) {
            assertThat(memory.held()).isLessThanOrEqualTo(memory.capacity());
        }
        assertThat(memory.held()).isLessThanOrEqualTo(memory.capacity());
    }

    @Test
    void manyThreadsLeaveNothingBehind() throws InterruptedException {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Thread.Builder watched = Thread.ofPlatform().uncaughtExceptionHandler((_, failure) -> failures.add(failure));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(watched.start(() -> {
                Share share = memory.share();
                for (int round = 0; round < 10_000; round++) {
                    try (Hold hold = share.hold()) {
                        hold.grow(ThreadLocalRandom.current().nextLong(20 * MB));
                        assertThat(memory.held()).isLessThanOrEqualTo(memory.capacity());
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(memory.held()).isZero();
    }

    private static long fill(Hold hold) {
        while (hold.grow(1024)) {
            // takes all it can
        }
        return hold.bytes();
    }
}
