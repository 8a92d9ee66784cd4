package io.millrace.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LogTextTest {

    @Test
    void whatEndsALineOrControlsATerminalIsEscaped() {
        Map<String, String> escaped = Map.of(
                "a\nb", "a\\nb",
                "a\r\nb", "a\\r\\nb",
                "a\tb", "a\\tb",
                "\u001b[2J", "\\u001b[2J",
                "a\u0085b", "a\\u0085b",
                "a\u2028b\u2029c", "a\\u2028b\\u2029c",
                "a\u202eb", "a\\u202eb",
                "a\u007fb", "a\\u007fb",
                "grüße 日本 🛫 \\", "grüße 日本 🛫 \\");

        assertThat(escaped).allSatisfy((text, expected) -> assertThat(LogText.escaped(text))
                .isEqualTo(expected));
    }

    @Test
    void linesStayWhereTheyAreTheHubsOwn() {
        assertThat(LogText.escapedLines("All threads:\n\tat a\r\u001b\u2028"))
                .isEqualTo("All threads:\n\tat a\\r\\u001b\\u2028");
    }
}
