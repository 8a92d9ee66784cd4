package io.millrace.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void requestsAreDueAtEvenTimes() {
        Schedule schedule = Schedule.of(5_000, 1_000_000, 1, 0, 1);

        assertThat(due(schedule)).containsExactly(5_000, 6_000, 7_000, 8_000);
    }

    @Test
    void aRequestOfSeveralRecordsIsDueAtTheRateOfRecords() {
        Schedule schedule = Schedule.of(0, 1_000_000, 100, 0, 1);

        assertThat(due(schedule)).containsExactly(0, 100_000, 200_000, 300_000);
    }

    @Test
    void threadsTakeTurns() {
        assertThat(due(Schedule.of(0, 1_000_000, 1, 0, 2))).containsExactly(0, 2_000, 4_000, 6_000);
        assertThat(due(Schedule.of(0, 1_000_000, 1, 1, 2))).containsExactly(1_000, 3_000, 5_000, 7_000);
    }

    @Test
    void aRateThatDoesNotDivideASecondDoesNotDrift() {
        Schedule schedule = Schedule.of(0, 3, 1, 0, 1);

        assertThat(schedule.due(3_000_000)).isEqualTo(1_000_000L * 1_000_000_000);
    }

    private static long[] due(Schedule schedule) {
        return LongStream.range(0, 4).map(schedule::due).toArray();
    }
}
