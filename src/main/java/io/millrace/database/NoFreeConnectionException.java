package io.millrace.database;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** PostgreSQL answers, but other requests held all connections for too long. */
final class NoFreeConnectionException extends SQLTransientConnectionException {

    private static final long serialVersionUID = 1;

    NoFreeConnectionException(Duration waited, @Nullable Throwable cause) {
        super("no connection was free for " + waited.toMillis() + " ms, while other requests got one", cause);
    }
}
