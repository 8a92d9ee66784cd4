package io.millrace.client;

import io.millrace.client.message.Problem;
import java.util.OptionalLong;

/** A hub's no. It is what the caller asked for that is wrong, or the time at which it did: see {@link Problem}. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final long retryAfterSeconds;

    /**
     * @param what was asked for, as in "the hub refused to store records"
     * @param retryAfterSeconds negative if the hub did not say
     */
    RefusedException(String what, Problem problem, long retryAfterSeconds) {
        super("the hub refused " + what + ": " + problem);
        this.problem = problem;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** What a frame or event of that kind would be in an answer. */
    public static RefusedException of(String what, Problem problem) {
        return new RefusedException(what, problem, -1);
    }

    /** The hub's words. */
    public Problem problem() {
        return problem;
    }

    /** What programs switch on, such as {@code unknown_topic}; empty if it was not a hub that said no. */
    public String code() {
        return problem.code();
    }

    /** As in HTTP. */
    public int status() {
        return problem.status();
    }

    /** Whether the same request may succeed later, unchanged. */
    public boolean retryable() {
        return problem.retryable();
    }

    /** When to come again, in seconds, if the hub said so. */
    public OptionalLong retryAfterSeconds() {
        return retryAfterSeconds < 0 ? OptionalLong.empty() : OptionalLong.of(retryAfterSeconds);
    }
}
