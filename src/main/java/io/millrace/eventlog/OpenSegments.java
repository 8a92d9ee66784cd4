package io.millrace.eventlog;

import io.millrace.database.Sql;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * The oldest segment that any head names. No partition's end lies before it, so statements that look for an end name it
 * as a constant, and PostgreSQL skips all older segments. Heads only move to newer segments, and partitions are created
 * in the newest one, so a remembered segment stays correct. If it is old, one or two more segments are searched.
 *
 * @param <X> how asking the database fails
 */
final class OpenSegments<X extends Exception> {

    /** Asks the database for the oldest segment that a head names. */
    @FunctionalInterface
    interface Question<X extends Exception> {
        int ask() throws X;
    }

    /** Stands for the segment in a statement. The 0 alone finds the same, slower. */
    private static final String MARK = "/*segment*/0";

    /** After a new segment begins, how often the database is asked whether all heads have moved on. */
    private static final long ASKED_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

    private static final int UNKNOWN = -1;

    private final Question<X> question;
    private final Ticker ticker;
    private volatile int oldest = UNKNOWN;
    private volatile int newest = UNKNOWN;
    private volatile long askedAt;

    OpenSegments(Question<X> question, Ticker ticker) {
        this.question = question;
        this.ticker = ticker;
    }

    /** The segment to search from. */
    int oldest() throws X {
        long now = ticker.nanos();
        int known = oldest;
        if (known == UNKNOWN || (known < newest && now - askedAt > ASKED_AGAIN_NANOS)) {
            askedAt = now;
            known = question.ask();
            oldest = known;
        }
        return known;
    }

    /** Notes that a head names this segment. */
    void saw(int segment) {
        if (segment > newest) {
            newest = segment;
        }
    }

    /**
     * Asks again next time. Called when a head names a segment before the oldest: the database has lost its newest
     * commits, as it may when a standby takes over.
     */
    void forget() {
        oldest = UNKNOWN;
        newest = UNKNOWN;
    }

    /** Asks on a connection. */
    static int oldest(Connection connection, Sql sql) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(sql.text("select-oldest-open-segment"))) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The statement that searches from a segment on. */
    static String from(int segment, String statement) {
        return statement.replace(MARK, Integer.toString(segment));
    }
}
