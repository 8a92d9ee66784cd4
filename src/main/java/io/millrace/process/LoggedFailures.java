package io.millrace.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Checks every logged failure for exhausted memory, at any level. Libraries, event loops above all, catch everything
 * and continue; what they have in common is that they log it.
 */
final class LoggedFailures extends TurboFilter {

    static void watch() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            LoggedFailures filter = new LoggedFailures();
            filter.setContext(context);
            filter.start();
            context.addTurboFilter(filter);
        }
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            @Nullable Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        if (failure != null) {
            OutOfMemory.endIfCausedBy(failure);
        }
        if (parameters != null
                && parameters.length > 0
                && parameters[parameters.length - 1] instanceof Throwable last) {
            OutOfMemory.endIfCausedBy(last);
        }
        return FilterReply.NEUTRAL;
    }
}
