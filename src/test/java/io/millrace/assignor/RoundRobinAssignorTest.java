package io.millrace.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.TopicPartition;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RoundRobinAssignorTest extends AssignorContract {

    RoundRobinAssignorTest() {
        super(AssignorName.ROUND_ROBIN);
    }

    @Test
    void theTurnGoesOnFromTopicToTopicAndSkipsMembersThatDoNotSubscribe() {
        Group group = new Group(
                new TreeMap<>(
                        Map.of("a", Set.of("orders", "payments"), "b", Set.of("payments"), "c", Set.of("orders"))),
                new TreeMap<>(Map.of("orders", 3, "payments", 3)),
                Map.of());

        assertThat(group.assign(assignor))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        new TopicPartition("orders", 0), "a",
                        new TopicPartition("orders", 1), "c",
                        new TopicPartition("orders", 2), "a",
                        new TopicPartition("payments", 0), "b",
                        new TopicPartition("payments", 1), "a",
                        new TopicPartition("payments", 2), "b"));
    }

    @Test
    void assignsAsKafkaDoes() {
        forRandomGroups(group -> assertThat(group.assign(assignor))
                .isEqualTo(KafkaAssignors.assign(new org.apache.kafka.clients.consumer.RoundRobinAssignor(), group)));
    }
}
