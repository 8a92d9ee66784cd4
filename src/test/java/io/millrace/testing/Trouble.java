package io.millrace.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.millrace.embeddedpostgres.EmbeddedPostgres;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * The warnings and errors that this JVM logs while this is open, but for those of embedded servers: tests that run
 * beside this one kill them.
 */
public final class Trouble extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Logger root;

    private Trouble(LoggerContext loggers) {
        setContext(loggers);
        root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    public static Trouble listen() {
        Trouble trouble = new Trouble((LoggerContext) LoggerFactory.getILoggerFactory());
        trouble.start();
        trouble.root.addAppender(trouble);
        return trouble;
    }

    /** One text per event: its logger, message and stack trace. */
    public List<String> events() {
        return events;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)
                && !event.getLoggerName().startsWith(EmbeddedPostgres.class.getPackageName())) {
            IThrowableProxy failure = event.getThrowableProxy();
            events.add(event.getLevel() + " " + event.getLoggerName() + ": " + event.getFormattedMessage()
                    + (failure == null ? "" : "\n" + ThrowableProxyUtil.asString(failure)));
        }
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
