package io.millrace.database;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says in two sentences why PostgreSQL could not be reached, or did not let the hub in, instead of Spring's page of
 * nested exceptions.
 */
final class ConnectFailureAnalyzer extends AbstractFailureAnalyzer<PSQLException> {

    private static final String CONNECTION = "08";
    private static final String AUTHORIZATION = "28";
    private static final String NO_SUCH_DATABASE = "3D000";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PSQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        String action = null;
        if (state.startsWith(CONNECTION)) {
            action = "Check the host and the port in millrace.database.url. With sslmode=verify-full, sslrootcert has"
                    + " to name the file with the authority that signed the server's certificate, and the host has"
                    + " to be one of the names in that certificate";
        } else if (state.startsWith(AUTHORIZATION)) {
            action = "Check the user and the password in millrace.database, and what pg_hba.conf allows the hub's"
                    + " address";
        } else if (state.equals(NO_SUCH_DATABASE)) {
            action = "Create the database, or name another one in millrace.database.url";
        }
        return action == null
                ? null
                : new FailureAnalysis("The hub cannot use its PostgreSQL: " + cause.getMessage(), action, cause);
    }
}
