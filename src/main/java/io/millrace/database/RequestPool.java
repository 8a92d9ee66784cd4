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
 * The pool for everything but lanes and listeners. Tells a PostgreSQL that is away from a hub that is busy:
 *
 * <ul>
 *   <li>While nobody gets a connection for the pool's {@code connection-timeout}, PostgreSQL does not answer: whoever
 *       waits is told so then.
 *   <li>While others get theirs, a request waits in line for as long as the {@code patience}, and is refused with
 *       {@link NoFreeConnectionException} after that.
 * </ul>
 *
 * <p>Requests and streams, which run on virtual threads, are served in the order in which they came: the pool's own
 * queue forgets who has waited how long whenever a wait ends. Loops, which are few and have a thread each, do not stand
 * in that line: a lease that comes too late costs more than a request.
 */
final class RequestPool extends HikariDataSource {

    /** How often who waits looks whether PostgreSQL still answers anybody. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final long patienceNanos;
    private final Line line;
    private final Ticker ticker;

    /** When somebody last got a connection, by the ticker. */
    private volatile long lent;

    /**
     * @param size how many may ask the pool itself at a time; what it has connections for
     * @param patience how long a request waits while others get connections
     */
    RequestPool(int size, Duration patience, Ticker ticker) {
        this.patienceNanos = patience.toNanos();
        this.line = new Line(size, ticker);
        this.ticker = ticker;
        this.lent = ticker.nanos();
    }

    /** How many requests wait in line, besides those that ask the pool itself. */
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
                refuseInVain(began, null);
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
                refuseInVain(began, late);
            }
        }
    }

    private void refuseInVain(long began, @Nullable SQLTransientConnectionException late)
            throws SQLTransientConnectionException {
        long now = ticker.nanos();
        long sinceLent = Math.min(now - began, now - lent);
        if (sinceLent >= TimeUnit.MILLISECONDS.toNanos(getConnectionTimeout())) {
            throw late != null ? late : new SQLTransientConnectionException("nobody got a connection for a while");
        }
        if (now - began >= patienceNanos) {
            throw new NoFreeConnectionException(Duration.ofNanos(now - began), late);
        }
    }
}
