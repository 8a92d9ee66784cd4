package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Replays the conversations of {@code docs/websocket.md}, one after another on a hub with the topics that the page
 * creates: each sees the records of the previous ones. {@link Likeness} defines which fields may differ from the
 * printed ones.
 */
class WebSocketGuideIT {

    private static final Pattern CREATION = Pattern.compile("localhost:8080(/v1/topics) .*-d '(\\{.*})'");
    private static final Pattern LIMIT = Pattern.compile("(?m)^\\| `(max_\\w+)` \\| (\\d+) \\|");

    private static Hub hub;

    @BeforeAll
    static void start() throws Exception {
        hub = Hub.start();
        for (String block : Page.WEBSOCKET.blocks("sh")) {
            Matcher creation = CREATION.matcher(block);
            assertThat(creation.find()).as(block).isTrue();
            byte[] topic = creation.group(2).getBytes(StandardCharsets.UTF_8);
            assertThat(hub.client().call("POST", creation.group(1), topic).status())
                    .as(block)
                    .isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void everyConversationGoesAsPrinted() throws IOException {
        List<Conversation> conversations = Conversation.of(Page.WEBSOCKET);
        assertThat(conversations).isNotEmpty();
        for (Conversation conversation : conversations) {
            assertThat(conversation.answers()).isEqualTo(conversation.questions());
            try (Replay replay = new Replay(hub)) {
                replay.run(conversation);
            }
        }
    }

    @Test
    void thePrintedLimitsAreTheDefaults() throws Exception {
        JsonNode stated =
                JsonMapper.shared().readTree(hub.client().get("/v1/limits").text());
        Map<String, Long> expected = new HashMap<>();
        Map<String, Long> printed = new HashMap<>();
        LIMIT.matcher(Files.readString(Page.WEBSOCKET.path())).results().forEach(row -> {
            printed.put(row.group(1), Long.valueOf(row.group(2)));
            expected.put(row.group(1), stated.path(row.group(1)).asLong(-1));
        });

        assertThat(printed).isNotEmpty().isEqualTo(expected);
    }
}
