package io.millrace.stream.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.consume.RevokedReason;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.json.JsonBuffer;
import io.millrace.testing.AsyncApiContract;
import io.millrace.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Control events match {@code openapi/asyncapi.yaml}. */
class SseEventsTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final TreeSet<String> seen = new TreeSet<>();

    @Test
    void everyControlEventIsDescribed() {
        // A cursor of one partition needs no base.
        StreamPosition position = new StreamPosition("orders", 1, null, Ticker.SYSTEM);
        position.follow(1, 0, Map.of(PARTITION, 42L));
        SseEvents events = new SseEvents("orders", position);

        check(out -> events.assigned(out, position.positions()));
        check(out -> events.reset(out, "cursor_invalid", position.positions(), true));
        check(out -> events.reset(out, "epoch_changed", position.positions(), false));
        check(events::revoked);
        check(out -> SseEvents.assigned(out, "member", 7, Map.of(PARTITION, 42L)));
        check(out -> SseEvents.reset(out, new Delivery.Reset(PARTITION, 1, 42, 42)));
        check(out -> events.reset(out, new Delivery.Reset(PARTITION, 50, 42, 42), true));
        for (RevokedReason reason : List.of(RevokedReason.REBALANCE, RevokedReason.FENCED)) {
            check(out -> SseEvents.revoked(out, List.of(PARTITION), reason));
        }
        check(SseEvents::draining);
        check(out -> SseEvents.failed(out, new HubException(HubError.INTERNAL, "it failed")));

        assertThat(seen).containsExactly("assigned", "draining", "error", "reset", "revoked");
    }

    private void check(Consumer<JsonBuffer> write) {
        JsonBuffer out = new JsonBuffer(64);
        write.accept(out);
        String event = new String(out.toByteArray(), StandardCharsets.UTF_8);
        assertThat(event).startsWith("event: control\n").endsWith("\n\n");
        JsonNode data = JsonMapper.shared().readTree(event.substring(event.indexOf("data: ") + "data: ".length()));
        AsyncApiContract.check("control", data);
        seen.add(data.path("type").asString());
    }
}
