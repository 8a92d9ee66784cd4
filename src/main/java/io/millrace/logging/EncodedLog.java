package io.millrace.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.pattern.DynamicConverter;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.logging.logback.ExtendedWhitespaceThrowableProxyConverter;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Has every message and exception go into the log as {@link LogText}, whichever pattern, logger and library it is:
 * once, where lines are made. The log as JSON needs none of this, since JSON has escapes of its own.
 */
final class EncodedLog implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    /** The words of patterns for messages and for exceptions, those of Spring Boot among them. */
    private static final List<String> MESSAGES = List.of("m", "msg", "message");

    private static final List<String> EXCEPTIONS = List.of(
            "ex", "exception", "throwable", "rEx", "rootException", "xEx", "xException", "xThrowable", "wex", "wEx");

    /** Their messages have several lines, and nothing of clients: why a start failed, and stacks of all threads. */
    private static final List<String> SEVERAL_LINES = List.of(
            "io.millrace.process.",
            "org.springframework.boot.diagnostics.",
            "org.springframework.boot.autoconfigure.logging.");

    /** Spring Boot has set up the log by then. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
            for (Logger logger : loggers.getLoggerList()) {
                for (Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders(); all.hasNext(); ) {
                    encode(all.next());
                }
            }
        }
    }

    private static void encode(Appender<ILoggingEvent> appender) {
        if (appender instanceof OutputStreamAppender<ILoggingEvent> lines
                && lines.getEncoder() instanceof LayoutWrappingEncoder<ILoggingEvent> encoder
                && encoder.getLayout() instanceof PatternLayout layout) {
            Map<String, Supplier<DynamicConverter>> words = layout.getInstanceConverterMap();
            MESSAGES.forEach(word -> words.put(word, Message::new));
            EXCEPTIONS.forEach(word -> words.put(word, Failure::new));
            // Compiles the pattern again. No line is lost: whoever logs meanwhile uses the converters before.
            layout.start();
        }
    }

    private static final class Message extends ClassicConverter {

        @Override
        public String convert(ILoggingEvent event) {
            String text = String.valueOf(event.getFormattedMessage());
            return SEVERAL_LINES.stream().anyMatch(event.getLoggerName()::startsWith)
                    ? LogText.escapedLines(text)
                    : Objects.requireNonNull(LogText.escaped(text));
        }
    }

    private static final class Failure extends ExtendedWhitespaceThrowableProxyConverter {

        @Override
        protected String throwableProxyToString(IThrowableProxy failure) {
            return super.throwableProxyToString(new Escaped(failure));
        }
    }

    /** A failure whose messages are escaped, with its causes. */
    private record Escaped(IThrowableProxy failure) implements IThrowableProxy {

        @Override
        public @Nullable String getMessage() {
            return LogText.escaped(failure.getMessage());
        }

        @Override
        public @Nullable String getOverridingMessage() {
            return LogText.escaped(failure.getOverridingMessage());
        }

        @Override
        public String getClassName() {
            return failure.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return failure.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return failure.getCommonFrames();
        }

        @Override
        public @Nullable IThrowableProxy getCause() {
            IThrowableProxy cause = failure.getCause();
            return cause == null ? null : new Escaped(cause);
        }

        @Override
        public IThrowableProxy @Nullable [] getSuppressed() {
            IThrowableProxy[] suppressed = failure.getSuppressed();
            if (suppressed == null) {
                return null;
            }
            IThrowableProxy[] escaped = new IThrowableProxy[suppressed.length];
            for (int i = 0; i < suppressed.length; i++) {
                escaped[i] = new Escaped(suppressed[i]);
            }
            return escaped;
        }

        @Override
        public boolean isCyclic() {
            return failure.isCyclic();
        }
    }
}
