package io.millrace.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.NewRecord;
import io.millrace.testing.TestDatabase;
import io.millrace.topic.CleanupPolicy;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of the records of a key, the last is left, where it was. */
@Timeout(180)
abstract class CompactionContract {

    static final TopicConfig COMPACTED = new TopicConfig(-1, -1, CleanupPolicy.COMPACT, 1024 * 1024, 1);

    private final CleanedLog log;

    CompactionContract(TestDatabase database) {
        log = CleanedLog.on(database);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void theLastRecordOfEachKeyIsLeft() throws Exception {
        Topic topic = log.topic("t", COMPACTED);
        log.appendKeyed(topic, 0, "a=1", "b=1", "a=2", "c=1");
        log.appendKeyed(topic, 1, "a=other");
        log.roll();
        log.appendKeyed(topic, 0, "b=2", "d=1");
        log.roll();
        log.appendKeyed(topic, 0, "d=2");

        log.clean();

        assertThat(log.records(topic, 0)).containsExactly("2 a=2", "3 c=1", "4 b=2", "5 d=1", "6 d=2");
        assertThat(log.records(topic, 1)).containsExactly("0 a=other");
        assertThat(log.recordsBySql("t")).isEqualTo(6);
        assertThat(log.bounds(topic, 0)).isEqualTo("0..7");
        log.roll();
        log.clean();
        assertThat(log.records(topic, 0))
                .as("one record has come, and four are there: it waits")
                .containsExactly("2 a=2", "3 c=1", "4 b=2", "5 d=1", "6 d=2");
    }

    @Test
    void tombstonesGoSomeTimeAfterCompactionHasSeenThem() throws Exception {
        Topic topic = log.topic("t", COMPACTED);
        log.appendKeyed(topic, 0, "a=1", "b=1", "a", "c=1");
        log.roll();
        log.advance(Duration.ofDays(3));
        log.clean();
        assertThat(log.records(topic, 0)).containsExactly("1 b=1", "2 a", "3 c=1");

        log.advance(Duration.ofHours(23));
        log.clean();
        assertThat(log.records(topic, 0)).contains("2 a");
        log.advance(Duration.ofHours(2));
        log.clean();

        assertThat(log.records(topic, 0)).containsExactly("1 b=1", "3 c=1");
    }

    @Test
    void topicsBesideAreNotTouchedAndBothGiveTheirSpaceBack() throws Exception {
        Topic compacted = log.topic("compacted", COMPACTED);
        Topic plain = log.topic("plain", new TopicConfig(-1, -1, CleanupPolicy.DELETE, 1024 * 1024, 1));
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 10; j++) {
                log.appendKeyed(compacted, 0, "a=" + "x".repeat(5000), "b=" + i);
            }
            log.append(plain, 0, log.nowMillis(), 3);
            log.roll();
        }
        log.clean();

        assertThat(log.offsets(plain, 0)).isEqualTo(RetentionContract.range(0, 12));
        assertThat(log.offsets(compacted, 0)).containsExactly(78L, 79L);
        assertThat(log.segments())
                .as("what is left of the first four, and the newest")
                .hasSize(2);
    }

    @Test
    void whatIsCompactedExpiresTooIfTheTopicSaysSo() throws Exception {
        Topic topic = log.topic(
                "t", new TopicConfig(Duration.ofDays(10).toMillis(), -1, CleanupPolicy.COMPACT_DELETE, 1024 * 1024, 1));
        log.appendKeyed(topic, 0, "a=1", "b=1", "a=2");
        log.roll();
        log.clean();
        assertThat(log.records(topic, 0)).containsExactly("1 b=1", "2 a=2");
        log.appendKeyed(topic, 0, "c=1");
        log.roll();
        log.advance(Duration.ofDays(9));
        log.appendKeyed(topic, 0, "d=1");
        log.advance(Duration.ofDays(2));
        log.clean();

        assertThat(log.records(topic, 0)).containsExactly("4 d=1");
    }

    @Test
    void equalsAMapOnARandomHistoryWhileTopicsAreRead() throws Exception {
        Topic topic = log.topic("t", COMPACTED);
        Random random = new Random(7);
        List<Map<String, String>> expected = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            expected.add(new HashMap<>());
        }
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 30; i++) {
                int partition = random.nextInt(2);
                String key = "k" + random.nextInt(40);
                String value = random.nextInt(6) == 0 ? null : "" + random.nextInt();
                log.appendKeyed(topic, partition, value == null ? key : key + "=" + value);
                expected.get(partition).put(key, value == null ? "" : value);
            }
            log.roll();
            log.clean();
            for (int partition = 0; partition < 2; partition++) {
                assertThat(latest(topic, partition)).isEqualTo(expected.get(partition));
                assertThat(log.offsets(topic, partition)).isSorted().doesNotHaveDuplicates();
            }
        }
        assertThat(log.offsets(topic, 0).size() + log.offsets(topic, 1).size()).isLessThan(160);
    }

    /** The last value of each key, by reading all; empty for a tombstone. */
    private Map<String, String> latest(Topic topic, int partition) {
        Map<String, String> latest = new HashMap<>();
        for (String record : log.records(topic, partition)) {
            String[] parts = record.substring(record.indexOf(' ') + 1).split("=");
            latest.put(parts[0], parts.length == 1 ? "" : parts[1]);
        }
        return latest;
    }

    static NewRecord keyed(int partition, long timestamp, String text) {
        int at = text.indexOf('=');
        byte[] key = text.substring(0, at < 0 ? text.length() : at).getBytes(StandardCharsets.UTF_8);
        byte[] value = at < 0 ? null : text.substring(at + 1).getBytes(StandardCharsets.UTF_8);
        return new NewRecord(partition, timestamp, key, value, null, (byte) 1);
    }
}
