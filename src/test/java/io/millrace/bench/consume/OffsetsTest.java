package io.millrace.bench.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.format.JsonRecords;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OffsetsTest {

    private final Offsets offsets = new Offsets("t", new long[] {5, -1, 0}, new long[] {7, 9, 0});

    @Test
    void readingIsFinishedAtTheEndOfEveryPartition() {
        assertThat(offsets.allFinished()).isFalse();

        take(0, 5, 6, 7, 8);

        assertThat(offsets.allFinished()).isTrue();
        assertThat(offsets.records()).as("records before the end").isEqualTo(2);
    }

    @Test
    void aGapARepetitionAndAForeignPartitionEndTheRun() {
        assertThatThrownBy(() -> take(0, 6)).hasMessageContaining("offset 6 came instead of 5");
        take(0, 5);
        assertThatThrownBy(() -> take(0, 5)).hasMessageContaining("offset 5 came instead of 6");
        assertThatThrownBy(() -> take(0, 6, 8)).hasMessageContaining("a gap or a repetition");
        assertThatThrownBy(() -> take(1, 0)).hasMessageContaining("partition 1, which was not asked for");
    }

    private void take(int partition, long... found) {
        StringBuilder page = new StringBuilder("{\"partition\":" + partition + ",\"records\":[");
        for (int i = 0; i < found.length; i++) {
            page.append(i == 0 ? "" : ",")
                    .append("{\"offset\":")
                    .append(found[i])
                    .append("}");
        }
        byte[] text = page.append("],\"next_offset\":")
                .append(found[found.length - 1] + 1)
                .append("}")
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
        offsets.takePage(new JsonRecords().page(text, 0, text.length));
    }
}
