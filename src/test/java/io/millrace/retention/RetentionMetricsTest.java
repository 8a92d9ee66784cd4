package io.millrace.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.time.SettableTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetentionMetricsTest {

    /** After a restart of all hubs, too, the alarm has to tell of a cleaner that fails in every round. */
    @Test
    void theAgeCountsFromTheStartUntilARoundHasEnded() {
        SettableTicker ticker = SettableTicker.standing();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        RetentionMetrics metrics = new RetentionMetrics(registry, ticker.clock());
        metrics.watch(new Cleaner(null, null, null, null, null, null, null));
        assertThat(registry.get("millrace.cleaner.age").gauge().value()).isZero();

        ticker.advance(Duration.ofMinutes(31));

        assertThat(registry.get("millrace.cleaner.age").gauge().value()).isEqualTo(31 * 60);
    }
}
