package io.millrace.command;

/**
 * Ends a command with exit code 1. Its message is all that the user sees, so it must name the request and the answer.
 */
public class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandFailure(String message) {
        super(message);
    }

    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
