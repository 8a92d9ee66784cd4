package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeMessageTest {

    @Test
    void aMessageIsReadAsItWasWritten() {
        Map<Integer, Long> versions = new LinkedHashMap<>();
        versions.put(7, 1_000L);
        versions.put(Integer.MIN_VALUE, Long.MIN_VALUE);
        ChangeMessage message = new ChangeMessage("a-node", "partition", versions);

        assertThat(message.payload()).isEqualTo("a-node;partition;7:1000,-2147483648:-9223372036854775808,");
        assertThat(ChangeMessage.parse(message.payload())).isEqualTo(message);
    }

    @Test
    void theLargestMessageFitsIntoANotification() {
        Map<Integer, Long> versions = new LinkedHashMap<>();
        for (int i = 0; i < ChangeNotifier.MOST_CHANGES; i++) {
            versions.put(Integer.MIN_VALUE + i, Long.MIN_VALUE + i);
        }
        String payload = new ChangeMessage(UUID.randomUUID().toString(), "a-kind-with-a-long-name", versions).payload();

        assertThat(payload.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(8_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                ";;",
                "node",
                "node;kind",
                "node;kind;",
                "node;kind;1",
                "node;kind;1:",
                "node;kind;:1",
                "node;kind;1:2:3",
                "node;kind;1:2,x:3",
                "node;kind;1:2;",
                ";kind;1:2",
                "node;kind;99999999999:1",
                "node;kind;1:99999999999999999999",
                "{\"json\":true}"
            })
    void otherPayloadsAreNotMessages(String payload) {
        assertThat(ChangeMessage.parse(payload)).isNull();
    }
}
