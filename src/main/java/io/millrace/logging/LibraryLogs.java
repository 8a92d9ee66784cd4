package io.millrace.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Shortens the warnings of the HTTP libraries. Clients cause most of them, and the libraries log whole requests and
 * stack traces. Here each becomes one short line, within the bounds of one {@link LimitedLog} per logger below. The
 * stack trace is at DEBUG, under this class's name; events below WARN are passed on unchanged.
 */
@Component
class LibraryLogs {

    private static final String NAME = "millrace.library";

    private static final List<String> LOGGERS = List.of(
            "reactor.netty",
            "reactor.core",
            "io.netty.channel",
            "io.netty.handler",
            "io.netty.util.concurrent",
            "org.springframework.boot.autoconfigure.ssl",
            "org.springframework.web",
            "org.springframework.http");

    LibraryLogs() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
            LOGGERS.forEach(name -> attach(loggers.getLogger(name), loggers));
        }
    }

    /** Loggers outlive the application in tests, which start it more than once. */
    private static void attach(Logger logger, LoggerContext loggers) {
        if (logger.getAppender(NAME) == null) {
            Shortening shortening = new Shortening(loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME));
            shortening.setName(NAME);
            shortening.setContext(loggers);
            shortening.start();
            logger.addAppender(shortening);
            logger.setAdditive(false);
        }
    }

    private static final class Shortening extends AppenderBase<ILoggingEvent> {

        private static final org.slf4j.Logger log = LoggerFactory.getLogger(LibraryLogs.class);

        private final Logger root;
        private final LimitedLog lines = LimitedLog.of(LibraryLogs.class);

        Shortening(Logger root) {
            this.root = root;
        }

        /** Overridden because the superclass lets in one thread at a time. */
        @Override
        public void doAppend(ILoggingEvent event) {
            append(event);
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
                root.callAppenders(event);
                return;
            }
            String origin =
                    event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1);
            String message = event.getFormattedMessage();
            if (event.getThrowableProxy() instanceof ch.qos.logback.classic.spi.ThrowableProxy proxy) {
                log.debug("{}: {}", origin, message, proxy.getThrowable());
                lines.line(org.slf4j.event.Level.WARN, "{}: {}: {}", origin, message, proxy.getThrowable());
            } else {
                lines.line(org.slf4j.event.Level.WARN, "{}: {}", origin, message);
            }
        }
    }
}
