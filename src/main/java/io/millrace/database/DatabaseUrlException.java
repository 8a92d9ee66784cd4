package io.millrace.database;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The URL of the database is malformed. The message says what is wrong, the action what to write. */
final class DatabaseUrlException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    DatabaseUrlException(String message, String action) {
        super(message);
        this.action = action;
    }

    /** Ends the start with two sentences instead of Spring's page of nested exceptions. */
    static final class Analyzer extends AbstractFailureAnalyzer<DatabaseUrlException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, DatabaseUrlException cause) {
            return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action, cause);
        }
    }
}
