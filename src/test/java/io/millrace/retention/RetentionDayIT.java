package io.millrace.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.TestPostgres;
import io.millrace.topic.CleanupPolicy;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Twenty-four hours of topics that are kept for very different times, in segments that they share. PostgreSQL's time
 * advances half an hour at a time.
 */
@Timeout(300)
class RetentionDayIT {

    private static final Duration STEP = Duration.ofMinutes(30);
    private static final int STEPS = 48;
    private static final int A_DAY_AND_SOME = STEPS + 8;
    private static final int RECORD = 1000;
    private static final int KEYS = 50;

    @Test
    void diskUseSettlesNearWhatIsLive() throws Exception {
        try (CleanedLog log = CleanedLog.on(TestPostgres.newDatabase(), "millrace.segment.max-size=4MB")) {
            Topic hour = log.topic("hour", kept(Duration.ofHours(1).toMillis(), -1));
            Topic day = log.topic("day", kept(Duration.ofDays(1).toMillis(), -1));
            Topic ever = log.topic("ever", kept(-1, -1));
            Topic size = log.topic("size", kept(-1, 4_000_000));
            Topic latest = log.topic("latest", CompactionContract.COMPACTED);
            List<Double> ratios = new ArrayList<>();
            for (int step = 0; step < A_DAY_AND_SOME; step++) {
                log.advance(STEP);
                log.appendValues(hour, 0, log.nowMillis(), 1_600, RECORD);
                log.appendValues(day, 0, log.nowMillis(), 160, RECORD);
                log.appendValues(ever, 0, log.nowMillis(), 16, RECORD);
                log.appendValues(size, 0, log.nowMillis(), 400, RECORD);
                int first = step * 7;
                log.appendKeyed(
                        latest,
                        0,
                        IntStream.range(first, first + 100)
                                .mapToObj(i -> "k" + i % KEYS + "=" + log.noiseText(RECORD))
                                .toArray(String[]::new));
                log.rollIfDue();
                log.clean();
                if (step >= STEPS / 2) {
                    ratios.add((double) log.diskBytes() / log.liveBytes());
                }
            }

            assertThat(ratios).allMatch(ratio -> ratio < 1.5, "at most 1.5 times what is live");
            assertThat(log.offsets(ever, 0)).isEqualTo(RetentionContract.range(0, 16 * A_DAY_AND_SOME));
            assertThat(log.offsets(hour, 0)).hasSizeBetween(2 * 1_600, 3 * 1_600);
            assertThat(log.offsets(day, 0)).hasSizeBetween(STEPS * 160, (STEPS + 1) * 160);
            assertThat(log.offsets(size, 0)).hasSizeBetween(4_000, 4_400);
            assertThat(log.records(latest, 0)).hasSizeLessThan(10 * KEYS);
            assertThat(log.deadTuples()).isZero();
            assertThat(log.tables()).hasSizeLessThan(20);
        }
    }

    private static TopicConfig kept(long ms, long bytes) {
        return new TopicConfig(ms, bytes, CleanupPolicy.DELETE, 1024 * 1024, 1);
    }
}
