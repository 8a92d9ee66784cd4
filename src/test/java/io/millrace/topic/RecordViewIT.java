package io.millrace.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.append.Appender;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.testing.DebianPostgres;
import io.millrace.testing.Hub;
import io.millrace.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The log as SQL clients see it. */
class RecordViewIT {

    @Test
    void sqlReadsTheLog() throws Exception {
        try (Hub hub = Hub.start(TestPostgres.newDatabase())) {
            check(hub);
        }
    }

    @Test
    @EnabledIf("io.millrace.testing.DebianPostgres#installed")
    void sqlReadsTheLogOnTheOldestVersion() throws Exception {
        try (Hub hub = Hub.start(DebianPostgres.newDatabase())) {
            check(hub);
        }
    }

    private static void check(Hub hub) throws Exception {
        await().until(() -> hub.bean(Appender.class).ready());
        JdbcClient jdbc = hub.bean(JdbcClient.class);
        Topic topic = hub.createTopic("viewed", 1);
        List<NewRecord> records = List.of(
                record("k", "{\"a\": {\"b\": 1.50}}", RecordFormat.VALUE_JSON),
                record(null, "\"text\"", RecordFormat.VALUE_JSON),
                record("tombstone", null, RecordFormat.VALUE_JSON),
                // JSON that jsonb cannot hold, each for another reason
                record("nul", "\"\\u0000\"", RecordFormat.VALUE_JSON),
                record("surrogate", "\"\\ud800\"", RecordFormat.VALUE_JSON),
                record("number", "1e999999", RecordFormat.VALUE_JSON),
                record("not\0text", "also\0not", RecordFormat.VALUE_TEXT),
                record("plain", "say \"hi\"", RecordFormat.VALUE_TEXT),
                record("bytes", "\0\1", RecordFormat.VALUE_BINARY));
        hub.bean(Appender.class).append(topic, records).get();

        assertThat(rows(jdbc, "\"offset\" || ' ' || coalesce(key, 'null') || ' ' || coalesce(value::text, 'null')"))
                .containsExactly(
                        "0 k {\"a\": {\"b\": 1.50}}",
                        "1 null \"text\"",
                        "2 tombstone null",
                        "3 nul null",
                        "4 surrogate null",
                        "5 number null",
                        "6 null null",
                        "7 plain \"say \\\"hi\\\"\"",
                        "8 bytes null");
        assertThat(rows(jdbc, "coalesce(value_text, 'null')"))
                .containsSubsequence("\"\\u0000\"", "\"\\ud800\"", "1e999999", "null", "say \"hi\"", "null");
        assertThat(rows(jdbc, "value->'a'->>'b'")).contains("1.50");
        assertThat(rows(jdbc, "headers->0->>'value' || partition || extract(epoch from \"timestamp\")::bigint"))
                .containsOnly("x01700000000");
        jdbc.sql("update millrace.partition_head set start_offset = 4 where partition_id = :id")
                .param("id", topic.partitionId(0))
                .update();
        assertThat(rows(jdbc, "\"offset\"::text")).containsExactly("4", "5", "6", "7", "8");
    }

    private static List<String> rows(JdbcClient jdbc, String expression) {
        return jdbc.sql("select " + expression + " from millrace.record where topic = 'viewed' order by \"offset\"")
                .query(String.class)
                .list();
    }

    private static NewRecord record(String key, String value, byte format) {
        return new NewRecord(
                0,
                1_700_000_000_000L,
                key == null ? null : bytes(key),
                value == null ? null : bytes(value),
                bytes("[{\"name\":\"h\",\"value\":\"x\"}]"),
                format);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
