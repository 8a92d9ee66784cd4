package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineTest {

    private final Ticker ticker = Ticker.SYSTEM;

    @Test
    void atMostTheGivenNumberIsLetInAndTheNextWhenOneLeaves() throws Exception {
        Line line = new Line(2, ticker);
        assertThat(line.enter().await(Duration.ZERO)).isTrue();
        assertThat(line.enter().await(Duration.ZERO)).isTrue();
        Line.Place third = line.enter();
        Line.Place fourth = line.enter();
        assertThat(third.await(Duration.ZERO)).isFalse();
        assertThat(line.waiting()).isEqualTo(2);

        line.leave();
        assertThat(fourth.await(Duration.ZERO)).isFalse();
        assertThat(third.await(Duration.ZERO)).isTrue();
        line.leave();
        assertThat(fourth.await(Duration.ZERO)).isTrue();
        assertThat(line.waiting()).isZero();
    }

    @Test
    void aWaitThatTimesOutKeepsItsPlace() throws Exception {
        Line line = new Line(1, ticker);
        line.enter();
        List<Line.Place> places = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            places.add(line.enter());
            assertThat(places.getFirst().await(Duration.ofNanos(1))).isFalse();
        }
        for (Line.Place place : places) {
            line.leave();
            assertThat(place.await(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void aPlaceThatIsGivenUpGoesToTheNext() throws Exception {
        Line line = new Line(1, ticker);
        line.enter();
        Line.Place gone = line.enter();
        Line.Place late = line.enter();
        Line.Place next = line.enter();

        gone.giveUp();
        line.leave();
        assertThat(late.await(Duration.ZERO)).isTrue();
        late.giveUp();
        assertThat(next.await(Duration.ZERO)).isTrue();
        line.leave();
        assertThat(line.enter().await(Duration.ZERO)).isTrue();
    }

    @Test
    void aLineHasAtLeastOnePlace() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Line(0, ticker));
    }
}
