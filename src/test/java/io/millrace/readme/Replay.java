package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stream.LiveStreams;
import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Hub;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Replays a printed conversation with a hub, and causes the events elsewhere. */
final class Replay implements AutoCloseable {

    private static final Pattern STORED = Pattern.compile("(\\{.*}) is stored in (\\w+)\\.");

    private final Hub hub;
    private final WsClient client;
    private final Likeness likeness = new Likeness();

    /** The open subscriptions. */
    private final Set<String> open = new LinkedHashSet<>();

    private @Nullable String joining;
    private @Nullable WsClient other;

    Replay(Hub hub) {
        this.hub = hub;
        this.client = WsClient.connect(hub);
    }

    /** Fails if the hub sends other or additional frames. */
    void run(Conversation conversation) {
        for (Conversation.Step step : conversation.steps()) {
            switch (step) {
                case Conversation.Sent sent -> send(sent.frame());
                case Conversation.Received received -> receive(received.frames());
                case Conversation.Closed closed -> {
                    assertThat(client.closeCode()).isEqualTo(closed.code());
                    open.clear();
                }
                case Conversation.Elsewhere elsewhere -> happens(elsewhere.event());
            }
        }
        for (String id : open) {
            // Any frame before this one was not printed.
            client.send("{'type':'unsubscribe','id':'" + id + "'}");
            assertThat(client.next("revoked").path("id").asString()).isEqualTo(id);
        }
    }

    private void send(JsonNode printed) {
        String frame = likeness.meaning(printed).toString();
        if (printed.path("type").asString("").equals("subscribe")) {
            open.add(printed.path("id").asString());
            joining = frame;
        }
        client.send(frame);
    }

    private void receive(List<JsonNode> printed) {
        List<JsonNode> received = new ArrayList<>();
        while (received.size() < printed.size()) {
            received.add(client.next());
        }
        List<JsonNode> expected = byPartition(printed);
        List<JsonNode> frames = byPartition(received);
        for (int i = 0; i < frames.size(); i++) {
            likeness.check(expected.get(i), frames.get(i));
        }
        printed.stream()
                .filter(frame -> frame.path("reason").asString("").equals("unsubscribed"))
                .forEach(frame -> open.remove(frame.path("id").asString()));
    }

    private static List<JsonNode> byPartition(List<JsonNode> frames) {
        return frames.stream()
                .sorted(Comparator.comparingInt(Conversation::partition))
                .toList();
    }

    private void happens(String event) {
        Matcher stored = STORED.matcher(event);
        if (stored.matches()) {
            store(stored.group(2), stored.group(1));
            return;
        }
        switch (event) {
            case "Another member joins." -> {
                other = WsClient.connect(hub);
                other.send(Objects.requireNonNull(joining));
                assertThat(partitionsOfTheOther().isEmpty()).isTrue();
            }
            case "The other member has got the partition." ->
                assertThat(partitionsOfTheOther().isEmpty()).isFalse();
            case "The other member leaves." -> other().close();
            case "The hub shuts down." -> {
                LiveStreams streams = hub.bean(LiveStreams.class);
                streams.stop();
                streams.start(); // for the conversations after this one
            }
            default -> throw new AssertionError("this test cannot cause the event: " + event);
        }
    }

    private void store(String topic, String record) {
        try (WsClient producer = WsClient.connect(hub)) {
            producer.send("{\"type\":\"produce\",\"ref\":\"r\",\"topic\":\"" + topic + "\",\"records\":[" + record
                            + "]}")
                    .next("produced");
        }
    }

    private JsonNode partitionsOfTheOther() {
        return other().next("assigned").path("partitions");
    }

    private WsClient other() {
        return Objects.requireNonNull(other, "no other member has joined");
    }

    @Override
    public void close() {
        client.close();
        if (other != null) {
            other.close();
        }
    }
}
