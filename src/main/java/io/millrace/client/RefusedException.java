package io.millrace.client;

import io.millrace.client.message.Problem;
import java.util.OptionalLong;

/** The hub refused a request, because it is wrong or because it came at the wrong time: see {@link Problem}. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final long retryAfterSeconds;

    /**
     * @param what the request, as in "the hub refused to store records"
     * @param retryAfterSeconds negative if the hub gave none
     */
    RefusedException(String what, Problem problem, long retryAfterSeconds) {
        super("the hub refused " + what + ": " + problem);
        this.problem = problem;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** The exception for a problem that came in a frame or event. */
    public static RefusedException of(String what, Problem problem) {
        return new RefusedException(what, problem, -1);
    }

    /** The problem as the hub describes it. */
    public Problem problem() {
        return problem;
    }

    /** The error code for programs, such as {@code unknown_topic}; empty if the refusal is not a hub's. */
    public String code() {
        return problem.code();
    }

    /** The HTTP status. */
    public int status() {
        return problem.status();
    }

    /** Whether the same request may succeed later, unchanged. */
    public boolean retryable() {
        return problem.retryable();
    }

    /** After how many seconds to retry, if the hub said so. */
    public OptionalLong retryAfterSeconds() {
        return retryAfterSeconds < 0 ? OptionalLong.empty() : OptionalLong.of(retryAfterSeconds);
    }
}
