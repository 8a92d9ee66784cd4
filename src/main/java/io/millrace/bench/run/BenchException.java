package io.millrace.bench.run;

/** Ends a run. Its message is all that the user sees, so it must name the request and the answer. */
public final class BenchException extends RuntimeException {

    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
