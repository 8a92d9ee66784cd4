package io.millrace.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.segment.Segments.Step;
import io.millrace.time.SettableTicker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class CleanerRestsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration A_WHILE = Duration.ofMillis(200);
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final SettableTicker ticker = SettableTicker.standing();
    private final AtomicInteger progress = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({
        "0.25, PT0.1S, PT0.3S",
        "0.5,  PT0.1S, PT0.1S",
        "0.8,  PT0.4S, PT0.1S",
        "0.25, PT0.6S, PT1.8S",
        "0.25, PT0.7S, PT2S",
        "0.25, PT10M,  PT2S",
    })
    void restsInProportionToItsWorkButForAtMostTwoSeconds(double share, Duration worked, Duration rest) {
        CleanerRests rests = new CleanerRests(share, ticker);
        ticker.advance(worked);

        CompletableFuture<Void> resting = inBackground(rests);

        assertThatItRestsFor(rest, resting);
    }

    @Test
    void restsAgainForItsWorkSinceTheLastRest() {
        CleanerRests rests = new CleanerRests(0.25, ticker);
        ticker.advance(Duration.ofMillis(100));
        assertThatItRestsFor(Duration.ofMillis(300), inBackground(rests));
        ticker.advance(Duration.ofMillis(10));

        assertThatItRestsFor(Duration.ofMillis(30), inBackground(rests));
    }

    @Test
    void whatWasDoneBeforeAnotherStepDoesNotCount() throws Exception {
        CleanerRests rests = new CleanerRests(0.25, ticker);
        ticker.advance(Duration.ofMillis(500));
        rests.after(Step.CREATED);
        ticker.advance(Duration.ofMillis(10));

        assertThatItRestsFor(Duration.ofMillis(30), inBackground(rests));
    }

    @ParameterizedTest
    @EnumSource(names = {"COUNTED", "SEALED", "INDEXED", "REPLACED"})
    void restsAfterWhateverElseKeepsPostgresBusy(Step step) {
        CleanerRests rests = new CleanerRests(0.25, ticker);
        ticker.advance(Duration.ofMillis(100));

        assertThatItRestsFor(Duration.ofMillis(300), inBackground(rests, step));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"COUNTED", "SEALED", "COPIED", "INDEXED", "REPLACED", "WAITED"})
    void doesNotRestAfterOtherSteps(Step step) throws Exception {
        CleanerRests rests = new CleanerRests(0.25, ticker);
        rests.onProgress(progress::incrementAndGet);
        ticker.advance(Duration.ofSeconds(1));

        rests.after(step);

        assertThat(progress).hasValue(1);
    }

    @Test
    void restsForAMomentWhenStatementsOfOthersAreWaitedFor() {
        CleanerRests rests = new CleanerRests(1, ticker);

        assertThatItRestsFor(Duration.ofMillis(200), inBackground(rests, Step.WAITED));
    }

    @Test
    void doesNotRestIfItMayWorkAllTheTime() throws Exception {
        CleanerRests rests = new CleanerRests(1, ticker);
        rests.onProgress(progress::incrementAndGet);
        ticker.advance(Duration.ofSeconds(1));

        rests.after(Step.COPIED);

        assertThat(progress).hasValue(2);
    }

    @Test
    void tellsOfProgressBeforeAndAfterARest() {
        CleanerRests rests = new CleanerRests(0.5, ticker);
        rests.onProgress(progress::incrementAndGet);
        ticker.advance(Duration.ofMillis(100));

        CompletableFuture<Void> resting = inBackground(rests);
        awaitRest();
        assertThat(progress).hasValue(1);
        ticker.advance(Duration.ofMillis(100));

        assertThat(resting).succeedsWithin(PATIENCE);
        assertThat(progress).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptThatCameBeforeEndsTheWorkAtTheNextStep(Step step) {
        CleanerRests rests = new CleanerRests(0.25, ticker);
        ticker.advance(Duration.ofSeconds(1));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> rests.after(step)).isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anInterruptEndsARest() {
        CleanerRests rests = new CleanerRests(0.25, ticker);
        ticker.advance(Duration.ofSeconds(1));
        CompletableFuture<Void> resting = new CompletableFuture<>();
        Thread thread = copied(rests, resting);
        awaitRest();

        thread.interrupt();

        assertThat(resting)
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(InterruptedException.class);
    }

    private void assertThatItRestsFor(Duration rest, CompletableFuture<Void> resting) {
        awaitRest();
        ticker.advance(rest.minus(A_MOMENT));
        await().during(A_WHILE).atMost(PATIENCE).until(() -> !resting.isDone());
        ticker.advance(A_MOMENT);
        assertThat(resting).succeedsWithin(PATIENCE);
    }

    private void awaitRest() {
        await().atMost(PATIENCE).until(() -> ticker.waiting() == 1);
    }

    private static CompletableFuture<Void> inBackground(CleanerRests rests) {
        return inBackground(rests, Step.COPIED);
    }

    private static CompletableFuture<Void> inBackground(CleanerRests rests, Step step) {
        CompletableFuture<Void> resting = new CompletableFuture<>();
        after(step, rests, resting);
        return resting;
    }

    private static Thread copied(CleanerRests rests, CompletableFuture<Void> resting) {
        return after(Step.COPIED, rests, resting);
    }

    private static Thread after(Step step, CleanerRests rests, CompletableFuture<Void> resting) {
        return Thread.ofVirtual().start(() -> {
            try {
                rests.after(step);
                resting.complete(null);
            } catch (InterruptedException stopped) {
                resting.completeExceptionally(stopped);
            }
        });
    }
}
