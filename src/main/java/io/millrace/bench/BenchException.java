package io.millrace.bench;

/** Ends a run. Its message is all that the user is told, so it says what was asked for and what came. */
final class BenchException extends RuntimeException {

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
