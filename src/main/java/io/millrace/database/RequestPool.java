package io.millrace.database;

import com.zaxxer.hikari.HikariDataSource;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pool for everything except lanes and listeners. It distinguishes an unreachable PostgreSQL from a busy hub:
 *
 * <ul>
 *   <li>If no caller gets a connection for the pool's {@code connection-timeout}, PostgreSQL does not answer, and all
 *       waiting callers are told so.
 *   <li>While other callers get connections, a request waits in line for at most {@code patience}, and is then refused
 *       with {@link NoFreeConnectionException}.
 * </ul>
 *
 * <p>Requests and streams, which run on virtual threads, are served in order of arrival: in the pool's own queue a
 * caller whose wait ends loses its place. Loops, which are few and have a thread each, bypass the line: a late lease
 * costs more than a late request.
 */
final class RequestPool extends HikariDataSource {

    /** How often a waiting request checks whether any caller still gets a connection. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final long patienceNanos;
    private final Line line;
    private final Ticker ticker;

    /** When a caller last got a connection, by the ticker. */
    private volatile long lent;

    /**
     * @param size how many requests may ask the pool itself at a time: its number of connections
     * @param patience how long a request waits while other callers get connections
     */
    RequestPool(int size, Duration patience, Ticker ticker) {
        this.patienceNanos = patience.toNanos();
        this.line = new Line(size, ticker);
        this.ticker = ticker;
        this.lent = ticker.nanos();
    }

    /** How many requests wait in line, not counting those that ask the pool itself. */
    int waiting() {
        return line.waiting();
    }

    @Override
    public Connection getConnection() throws SQLException {
        long began = ticker.nanos();
        if (!Thread.currentThread().isVirtual()) {
            return connection(began);
        }
        awaitPlace(began);
        try {
            return connection(began);
        } finally {
            line.leave();
        }
    }

    private void awaitPlace(long began) throws SQLException {
        Line.Place place = line.enter();
        try {
            while (!place.await(LOOK)) {
                refuseIfTooLate(began, null);
            }
        } catch (SQLException refusal) {
            place.giveUp();
            throw refusal;
        } catch (InterruptedException interrupted) {
            place.giveUp();
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted in line for a connection", interrupted);
        }
    }

    private Connection connection(long began) throws SQLException {
        while (true) {
            try {
                Connection connection = super.getConnection();
                lent = ticker.nanos();
                return connection;
            } catch (SQLTransientConnectionException late) {
                refuseIfTooLate(began, late);
            }
        }
    }

    private void refuseIfTooLate(long began, @Nullable SQLTransientConnectionException late)
            throws SQLTransientConnectionException {
        long now = ticker.nanos();
        long sinceLent = Math.min(now - began, now - lent);
        if (sinceLent >= TimeUnit.MILLISECONDS.toNanos(getConnectionTimeout())) {
            throw late != null ? late : new SQLTransientConnectionException("no caller got a connection for a while");
        }
        if (now - began >= patienceNanos) {
            throw new NoFreeConnectionException(Duration.ofNanos(now - began), late);
        }
    }
}
