package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.time.SettableTicker;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FramePaceTest {

    private final SettableTicker time = SettableTicker.standing();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int changes;
    private final FramePace pace = new FramePace(100, channel.eventLoop(), time, () -> changes++);

    FramePaceTest() {
        channel.freezeTime();
    }

    @Test
    void aSecondsWorthMayComeAtOnce() {
        for (int i = 0; i < 100; i++) {
            pace.count(1);
        }
        assertThat(pace.isResting()).isFalse();

        pace.count(1);

        assertThat(pace.isResting()).isTrue();
        assertThat(changes).isOne();
    }

    @Test
    void aClientThatKeepsThePaceIsAlwaysRead() {
        for (int i = 0; i < 1_000; i++) {
            pace.count(10);
            pass(Duration.ofMillis(100));
        }
        assertThat(changes).isZero();
    }

    @Test
    void theRestIsAsLongAsWhatCameTooMuchIsWorth() {
        pace.count(150);
        pass(Duration.ofMillis(490));
        assertThat(pace.isResting()).isTrue();

        pass(Duration.ofMillis(20));

        assertThat(pace.isResting()).isFalse();
        assertThat(changes).isEqualTo(2);
        // Nothing has been saved up meanwhile.
        pace.count(10);
        assertThat(pace.isResting()).isTrue();
    }

    /** What was read already is still handled. */
    @Test
    void whatComesDuringARestLengthensIt() {
        pace.count(150);
        pace.count(100);
        pass(Duration.ofMillis(510));
        assertThat(pace.isResting()).isTrue();

        pass(Duration.ofMillis(1_000));

        assertThat(pace.isResting()).isFalse();
        assertThat(changes).isEqualTo(3);
    }

    private void pass(Duration duration) {
        time.advance(duration);
        channel.advanceTimeBy(duration.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }
}
