package io.millrace.stream.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stream.StreamTopics;
import io.millrace.testing.Hub;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventStreamResumeIT {

    private static final int RECORDS = 20_000;
    private static final int REQUEST = 50;

    /** A reader whose connection is cut repeatedly sees each record once, and each partition in order. */
    @Test
    void aReaderThatReconnectsMissesNothingAndReadsNothingTwice() throws Exception {
        Random random = new Random(7);
        try (Hub hub = Hub.start()) {
            Topic topic = hub.createTopic("resume", 5);
            Thread producer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < RECORDS; i += REQUEST) {
                    StreamTopics.append(hub, topic, i, REQUEST);
                }
            });
            Map<Integer, Long> next = new HashMap<>();
            String lastId = null;
            int read = 0;
            int connections = 0;
            while (read < RECORDS) {
                try (SseClient client = SseClient.connect(hub, "/v1/topics/resume/stream?from=earliest", lastId)) {
                    connections++;
                    client.nextControl("assigned");
                    lastId = client.lastId();
                    int events = 1 + random.nextInt(1500);
                    for (int i = 0; i < events && read < RECORDS; i++) {
                        lastId = readOne(client, next);
                        read++;
                    }
                }
            }
            producer.join();
            assertThat(next.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(RECORDS);
            assertThat(connections).isGreaterThan(10);
        }
    }

    private static String readOne(SseClient client, Map<Integer, Long> next) throws IOException {
        SseClient.Event event = client.nextRecord();
        int partition = event.data().get("partition").intValue();
        long offset = event.data().get("offset").longValue();
        assertThat(offset).isEqualTo(next.getOrDefault(partition, 0L));
        next.put(partition, offset + 1);
        return String.valueOf(event.lastId());
    }
}
