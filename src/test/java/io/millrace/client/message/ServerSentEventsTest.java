package io.millrace.client.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The examples of the HTML standard, and its further rules. */
class ServerSentEventsTest {

    private final ServerSentEvents events = new ServerSentEvents();

    @Test
    void dataOfSeveralLinesIsOneEvent() {
        assertThat(taken("data: YHOO", "data: +2", "data: 10", ""))
                .containsExactly(new ServerSentEvents.Event("message", null, "YHOO\n+2\n10"));
    }

    @Test
    void anIdAppliesUntilTheNextOne() {
        assertThat(taken(": test", "", "data: first", "id: 1", "", "data:second", "id", "", "data:  third", ""))
                .containsExactly(
                        new ServerSentEvents.Event("message", "1", "first"),
                        new ServerSentEvents.Event("message", "", "second"),
                        new ServerSentEvents.Event("message", "", " third"));
        assertThat(events.comments()).isEqualTo(1);
        assertThat(events.lastId()).isEmpty();
    }

    @Test
    void anEventWithoutDataIsIgnoredButEmptyDataCounts() {
        assertThat(taken("event: a", "", "data", "", "data", "data", "", "data:"))
                .containsExactly(
                        new ServerSentEvents.Event("message", null, ""),
                        new ServerSentEvents.Event("message", null, "\n"));
    }

    @Test
    void aNameAppliesToOneEvent() {
        assertThat(taken("event: record", "data: 1", "", "data: 2", "retry: 1000", "other: x", ""))
                .containsExactly(
                        new ServerSentEvents.Event("record", null, "1"),
                        new ServerSentEvents.Event("message", null, "2"));
    }

    @Test
    void anIdWithANulIsIgnored() {
        assertThat(taken("id: 1", "id: a\0b", "data: 1", ""))
                .containsExactly(new ServerSentEvents.Event("message", "1", "1"));
    }

    private List<ServerSentEvents.Event> taken(String... lines) {
        return List.of(lines).stream()
                .map(events::take)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }
}
