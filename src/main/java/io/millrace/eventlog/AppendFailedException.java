package io.millrace.eventlog;

import io.millrace.database.StorageFailures;
import java.sql.SQLException;
import java.util.Set;

/** An append that was not confirmed: either nothing is stored, or the outcome is unknown. */
public final class AppendFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Errors after which the server may have committed all the same: its backend was ended (admin_shutdown,
     * crash_shutdown) before it answered.
     */
    private static final Set<String> ENDED_BACKEND = Set.of("57P01", "57P02");

    private static final String CONNECTION_EXCEPTION = "08";

    private final boolean outcomeUnknown;

    private AppendFailedException(SQLException cause, boolean outcomeUnknown) {
        super(cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    /** The statement was not sent. */
    static AppendFailedException beforeSending(SQLException cause) {
        return new AppendFailedException(cause, false);
    }

    /**
     * The statement was sent. An error that the server reported about it means that its transaction was rolled back;
     * after anything else the outcome is unknown.
     */
    static AppendFailedException afterSending(SQLException cause) {
        String state = cause.getSQLState();
        return new AppendFailedException(
                cause, state == null || state.startsWith(CONNECTION_EXCEPTION) || ENDED_BACKEND.contains(state));
    }

    /** Why nothing was stored, as the beginning of a sentence for clients. */
    public String reason() {
        return StorageFailures.reason(this);
    }

    /** True if the records may be stored; false if they are certainly not. */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
