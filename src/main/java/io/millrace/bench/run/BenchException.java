package io.millrace.bench.run;

import io.millrace.command.CommandFailure;

/** Ends a run. */
public final class BenchException extends CommandFailure {

    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
