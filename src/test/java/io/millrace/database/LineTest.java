package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineTest {

    @Test
    void soManyAreLetInAndTheNextWhenOneLeaves() throws Exception {
        Line line = new Line(2);
        assertThat(line.enter().await(0)).isTrue();
        assertThat(line.enter().await(0)).isTrue();
        Line.Place third = line.enter();
        Line.Place fourth = line.enter();
        assertThat(third.await(0)).isFalse();
        assertThat(line.waiting()).isEqualTo(2);

        line.leave();
        assertThat(fourth.await(0)).isFalse();
        assertThat(third.await(0)).isTrue();
        line.leave();
        assertThat(fourth.await(0)).isTrue();
        assertThat(line.waiting()).isZero();
    }

    @Test
    void whoLooksAroundKeepsItsPlace() throws Exception {
        Line line = new Line(1);
        line.enter();
        List<Line.Place> places = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            places.add(line.enter());
            assertThat(places.getFirst().await(1)).isFalse();
        }
        for (Line.Place place : places) {
            line.leave();
            assertThat(place.await(0)).isTrue();
        }
    }

    @Test
    void aTurnThatNobodyWantsAnyLongerGoesToTheNext() throws Exception {
        Line line = new Line(1);
        line.enter();
        Line.Place gone = line.enter();
        Line.Place late = line.enter();
        Line.Place next = line.enter();

        gone.giveUp();
        line.leave();
        assertThat(late.await(0)).isTrue();
        late.giveUp();
        assertThat(next.await(0)).isTrue();
        line.leave();
        assertThat(line.enter().await(0)).isTrue();
    }

    @Test
    void aLineLetsSomebodyIn() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Line(0));
    }
}
