package io.millrace.embeddedpostgres;

import org.jspecify.annotations.Nullable;

/**
 * The embedded PostgreSQL cannot run, be copied or be restored. The message says what is wrong, the action what the
 * operator can do about it.
 */
public final class EmbeddedPostgresException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    EmbeddedPostgresException(String message, String action) {
        this(message, action, null);
    }

    EmbeddedPostgresException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    public String action() {
        return action;
    }
}
