package io.millrace.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.edge.Places;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionerTest {

    private final Partitioner partitioner = new Partitioner(new Random(7));

    @Test
    void hashesAsKafkaDoes() {
        Random random = new Random(42);
        for (int i = 0; i < 10_000; i++) {
            byte[] key = new byte[random.nextInt(40)];
            random.nextBytes(key);

            assertThat(Murmur2.hash(key)).as("%s", Arrays.toString(key)).isEqualTo(Utils.murmur2(key));
        }
    }

    @Test
    void aKeyGoesWhereAKafkaProducerWouldSendIt() {
        for (String key : List.of("", "a", "ATL", "DTW", "key-1234", "ключ", "🛫", "x".repeat(1000))) {
            for (int count : new int[] {1, 2, 6, 16, 1000}) {
                byte[] bytes = key.getBytes(StandardCharsets.UTF_8);

                assertThat(partitioner.partitions(topic(1, count), List.of(record(bytes, NewRecord.ANY_PARTITION))))
                        .containsExactly(BuiltInPartitioner.partitionForKey(bytes, count));
            }
        }
    }

    @Test
    void recordsWithoutAKeyAreSpreadRoundRobin() {
        List<NewRecord> records = Collections.nCopies(5, record(null, NewRecord.ANY_PARTITION));
        Topic one = topic(1, 5);
        Topic other = topic(2, 5);

        int[] counts = new int[5];
        for (int round = 0; round < 3; round++) {
            Arrays.stream(partitioner.partitions(one, records)).forEach(partition -> counts[partition]++);
            partitioner.partitions(other, records.subList(0, 2));
        }

        assertThat(counts).containsOnly(3);
    }

    @Test
    void roundRobinSurvivesIntegerOverflow() {
        Partitioner late = new Partitioner(new Random(7) {
            private static final long serialVersionUID = 1L;

            @Override
            public int nextInt(int bound) {
                return Integer.MAX_VALUE - 1;
            }
        });

        int[] partitions = late.partitions(topic(1, 4), Collections.nCopies(8, record(null, NewRecord.ANY_PARTITION)));

        assertThat(partitions).containsExactly(2, 3, 0, 1, 2, 3, 0, 1);
    }

    @Test
    void aNamedPartitionIsUsedAndAnUnknownOneRefusedWithItsPlace() {
        assertThat(partitioner.partitions(topic(1, 3), List.of(record(new byte[] {1}, 2))))
                .containsExactly(2);
        assertThatThrownBy(() -> partitioner.partitions(topic(1, 3), List.of(record(null, 0), record(null, 3))))
                .isInstanceOfSatisfying(HubException.class, refusal -> {
                    assertThat(refusal.error()).isEqualTo(HubError.UNKNOWN_PARTITION);
                    assertThat(Places.text(refusal.violations().getFirst().place()))
                            .isEqualTo("#/records/1/partition");
                });
    }

    private static NewRecord record(byte @Nullable [] key, int partition) {
        return new NewRecord(partition, NewRecord.NO_TIMESTAMP, key, new byte[0], null, (byte) 0);
    }

    private static Topic topic(int id, int partitions) {
        return new Topic(
                id,
                "topic-" + id,
                IntStream.range(100 * id, 100 * id + partitions).boxed().toList(),
                TopicConfig.DEFAULTS,
                Instant.EPOCH,
                0);
    }
}
