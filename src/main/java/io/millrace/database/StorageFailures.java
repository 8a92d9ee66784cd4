package io.millrace.database;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * Distinguishes a database that is unreachable, too busy or not the primary from a wrong statement. The former is
 * transient, so the request may be retried; the latter is a bug.
 */
public final class StorageFailures {

    /** PostgreSQL, Appendix A. */
    private static final String DISK_FULL = "53100";

    /** PostgreSQL, Appendix A: the server rejects the write because it became a standby. */
    static final String READ_ONLY_TRANSACTION = "25006";

    /** PostgreSQL, Appendix A: a lock was not to be had within {@code lock_timeout}. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final Set<String> TRANSIENT_STATES = Set.of(
            READ_ONLY_TRANSACTION,
            "25P03", // idle in transaction for too long
            "25P04", // transaction timeout
            LOCK_NOT_AVAILABLE,
            "57014"); // query cancelled, by a timeout

    private static final Set<String> TRANSIENT_CLASSES = Set.of(
            "08", // connection exception
            "28", // authorization: passwords are rotated, pg_hba.conf is reloaded
            "40", // rolled back: deadlock, serialization
            "53", // out of connections, memory or disk
            "58"); // errors of the server's operating system

    /** Shutdown, crash recovery, starting up, database dropped, idle session ended. */
    private static final String OPERATOR_INTERVENTION = "57P";

    private StorageFailures() {}

    /** Whether the failure, or one of its causes, says that the database cannot be used now. */
    public static boolean unavailable(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return unavailable(failure, seen);
    }

    /**
     * The error for the client: {@link HubError#OVERLOADED} if PostgreSQL answers but no connection was free,
     * {@link HubError#STORAGE_UNAVAILABLE} if it does not answer.
     *
     * @param failure for which {@link #unavailable} is true
     */
    public static HubException refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoFreeConnectionException) {
                return new HubException(HubError.OVERLOADED, "the hub is too busy for the request now")
                        .causedBy(failure);
            }
        }
        return new HubException(HubError.STORAGE_UNAVAILABLE, reason(failure)).causedBy(failure);
    }

    /** Why the storage is not available, as the beginning of a sentence for clients. */
    public static String reason(Throwable failure) {
        return hasState(failure, DISK_FULL) ? "PostgreSQL's disk is full" : "PostgreSQL cannot be reached";
    }

    /** Whether the statement gave up waiting for a lock. */
    public static boolean isLockTimeout(Throwable failure) {
        return hasState(failure, LOCK_NOT_AVAILABLE);
    }

    private static boolean hasState(Throwable failure, String state) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && state.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static boolean unavailable(@Nullable Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return false;
        }
        return isTransient(failure) || unavailable(failure.getCause(), seen) || unavailable(overridden(failure), seen);
    }

    private static boolean isTransient(Throwable failure) {
        return switch (failure) {
            case CannotCreateTransactionException _ -> true;
            case TransactionTimedOutException _ -> true;
            case DataAccessResourceFailureException _ -> true;
            case TransientDataAccessException _ -> true;
            case RecoverableDataAccessException _ -> true;
            case SQLTransientException _ -> true;
            case SQLNonTransientConnectionException _ -> true;
            case SQLException sql -> isTransient(sql);
            default -> false;
        };
    }

    private static boolean isTransient(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null) {
            // HikariCP's own exceptions have no state: the connection or the pool was closed while the caller used it.
            return String.valueOf(failure.getMessage()).contains("closed");
        }
        return TRANSIENT_STATES.contains(state)
                || TRANSIENT_CLASSES.contains(state.substring(0, Math.min(2, state.length())))
                || state.startsWith(OPERATOR_INTERVENTION);
    }

    /** A failed rollback hides the failure that made it necessary. */
    private static @Nullable Throwable overridden(Throwable failure) {
        return failure instanceof TransactionSystemException system ? system.getApplicationException() : null;
    }
}
