package io.millrace.database;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Another build of Millrace made the schema in the database, and this one cannot bring it up to date. */
final class ForeignSchemaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param script the migration that differs */
    ForeignSchemaException(String script) {
        super("The schema millrace of this database was made by another build of Millrace, whose " + script
                + " differs from this one's");
    }

    /** Ends the start with two sentences instead of Spring's page of nested exceptions. */
    static final class Analyzer extends AbstractFailureAnalyzer<ForeignSchemaException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, ForeignSchemaException cause) {
            return new FailureAnalysis(
                    String.valueOf(cause.getMessage()),
                    "Run that build, or recreate the schema, which loses all records: drop schema millrace cascade;"
                            + " or, with the embedded PostgreSQL, remove the directory pgdata in millrace.home",
                    cause);
        }
    }
}
