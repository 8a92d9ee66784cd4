package io.millrace.logging;

import io.millrace.process.OutOfMemory;
import io.millrace.time.Ticker;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of what a client can bring about, so that none can fill the disk or hide what matters: one short line for
 * each event, and at most {@value #LINES} lines a minute of each kind, of which there is one for each object. The first
 * line of the next minute says how many were left out. A failure is looked at whether its line is left out or not. Safe
 * for all threads.
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

    /** Each class has its log before there is anything that it could be given: the time is the machine's. */
    public static LimitedLog of(Class<?> owner) {
        return new LimitedLog(LoggerFactory.getLogger(owner), Ticker.SYSTEM);
    }

    /** Writes one line. The texts may be a client's, or failures. */
    public void line(Level level, String format, Object... texts) {
        write(level, null, format, texts);
    }

    /** Something failed that should not have: with the stack trace, for whoever has to mend it. */
    public void failure(Throwable failure, String format, Object... texts) {
        write(Level.ERROR, failure, format, texts);
    }

    /** Something failed as its client went away: with the stack trace at DEBUG only. */
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

    /** @return null if the line is to be left out, otherwise what is to be added to it */
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
