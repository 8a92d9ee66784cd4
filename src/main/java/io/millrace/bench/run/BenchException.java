package io.millrace.bench.run;

/** Ends a run. Its message is all that the user is told, so it says what was asked for and what came. */
public final class BenchException extends RuntimeException {

    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
