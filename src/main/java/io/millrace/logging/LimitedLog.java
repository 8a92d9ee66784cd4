package io.millrace.logging;

import io.millrace.process.OutOfMemory;
import io.millrace.time.Ticker;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A log for events that clients can cause, so that no client can fill the disk or hide what matters: one short line per
 * event, and per object at most {@value #LINES} lines a minute. The first line of the next minute says how many were
 * left out. A failure that is caused by a lack of memory ends the process even if its line is left out. Safe for any
 * thread.
 */
public final class LimitedLog {

    private static final int LINES = 10;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_LENGTH = 300;

    private final Logger log;
    private final Ticker ticker;
    private long begun;
    private int written;
    private long leftOut;

    LimitedLog(Logger log, Ticker ticker) {
        this.log = log;
        this.ticker = ticker;
        this.begun = ticker.nanos();
    }

    /** For static fields, which are set before a ticker could be passed: uses the system's. */
    public static LimitedLog of(Class<?> owner) {
        return new LimitedLog(LoggerFactory.getLogger(owner), Ticker.SYSTEM);
    }

    /** Writes one line. The arguments may be clients' texts or failures. */
    public void line(Level level, String format, Object... texts) {
        write(level, null, format, texts);
    }

    /** Logs an unexpected failure, with its stack trace. */
    public void failure(Throwable failure, String format, Object... texts) {
        write(Level.ERROR, failure, format, texts);
    }

    /** Logs a failure after the client went away, with its stack trace at DEBUG only. */
    public void departed(Throwable failure, String format, Object... texts) {
        log.debug("where it failed", failure);
        write(Level.INFO, null, format + ": " + failure, texts);
    }

    private void write(Level level, @Nullable Throwable failure, String format, Object... texts) {
        OutOfMemory.endIfCausedBy(failure);
        for (Object text : texts) {
            OutOfMemory.endIfCausedBy(text instanceof Throwable cause ? cause : null);
        }
        if (!log.isEnabledForLevel(level)) {
            return;
        }
        String line = oneLine(org.slf4j.helpers.MessageFormatter.basicArrayFormat(format, texts));
        String more = admit();
        if (more != null) {
            log.atLevel(level).setCause(failure).log("{}{}", line, more);
        }
    }

    /** @return null to leave the line out, otherwise what to append to it */
    private synchronized @Nullable String admit() {
        long now = ticker.nanos();
        String more = "";
        if (now - begun >= MINUTE) {
            more = leftOut == 0 ? "" : " (and " + leftOut + " more before)";
            begun = now;
            written = 0;
            leftOut = 0;
        }
        if (written == LINES) {
            leftOut++;
            return null;
        }
        written++;
        return written == LINES ? more + " (further ones of this minute are left out)" : more;
    }

    private static String oneLine(String text) {
        String line = text.codePoints()
                .limit(MAX_LENGTH)
                .map(character -> Character.isISOControl(character) ? ' ' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return line.length() < text.length() ? line + "…" : line;
    }
}
