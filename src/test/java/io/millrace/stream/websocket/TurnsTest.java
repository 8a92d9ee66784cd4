package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.fetch.TakeGate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final List<Integer> woken = new ArrayList<>();
    private final Turns turns = new Turns();

    @Test
    void fourTakeAndTheOthersAreWokenInOrderOfArrival() {
        List<TakeGate> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            int number = i;
            all.add(turns.turn(() -> woken.add(number)));
        }
        assertThat(all.stream().map(TakeGate::enter)).containsExactly(true, true, true, true, false, false, false);
        assertThat(all.get(4).enter()).as("asks twice and is woken once").isFalse();

        all.get(2).leave();
        all.get(0).leave();
        all.get(1).leave();
        all.get(3).leave();

        assertThat(woken).containsExactly(4, 5, 6);
        assertThat(all.get(4).enter()).isTrue();
    }
}
