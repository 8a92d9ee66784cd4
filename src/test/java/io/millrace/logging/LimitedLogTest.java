package io.millrace.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.time.SettableTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LimitedLogTest {

    private final SettableTicker ticker = SettableTicker.standing();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LimitedLogTest.class);
    private final LimitedLog log = new LimitedLog(logger, ticker);
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();

    @BeforeEach
    void listen() {
        written.start();
        logger.addAppender(written);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(written);
    }

    @Test
    void writesTenLinesAMinuteAndSaysHowManyItLeftOut() {
        for (int i = 0; i < 1000; i++) {
            log.line(Level.INFO, "line {}", i);
        }
        assertThat(lines())
                .hasSize(10)
                .startsWith("line 0", "line 1")
                .endsWith("line 9 (further ones of this minute are left out)");

        ticker.advance(Duration.ofMinutes(1));
        log.line(Level.INFO, "line {}", "x");
        log.line(Level.INFO, "line {}", "y");

        assertThat(lines()).hasSize(12).endsWith("line x (and 990 more before)", "line y");
    }

    @Test
    void aLineIsShortAndHasNoLineBreaks() {
        log.line(Level.WARN, "from {}: {}", "a\r\nb\u001b[31m\u2028", "x".repeat(8192));

        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("from a  b [31m")
                .hasSize(301)
                .endsWith("x…");
    }

    @Test
    void onlyFailuresHaveAStackTrace() {
        log.failure(new IllegalStateException("bug"), "it failed");
        log.departed(new IllegalStateException("gone"), "it failed");

        assertThat(written.list.get(0).getThrowableProxy()).isNotNull();
        assertThat(written.list.get(1).getThrowableProxy()).isNull();
        assertThat(lines().get(1)).isEqualTo("it failed: java.lang.IllegalStateException: gone");
    }

    private List<String> lines() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
