package io.millrace.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.TopicPartition;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RangeAssignorTest extends AssignorContract {

    RangeAssignorTest() {
        super(AssignorName.RANGE);
    }

    @Test
    void topicsWithEquallyManyPartitionsAlign() {
        assertThat(Group.equal(2, new TreeMap<>(Map.of("orders", 3, "payments", 3)))
                        .assign(assignor))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        new TopicPartition("orders", 0), "m0000",
                        new TopicPartition("orders", 1), "m0000",
                        new TopicPartition("orders", 2), "m0001",
                        new TopicPartition("payments", 0), "m0000",
                        new TopicPartition("payments", 1), "m0000",
                        new TopicPartition("payments", 2), "m0001"));
    }

    @Test
    void assignsAsKafkaDoes() {
        forRandomGroups(group -> assertThat(group.assign(assignor))
                .isEqualTo(KafkaAssignors.assign(new org.apache.kafka.clients.consumer.RangeAssignor(), group)));
    }
}
