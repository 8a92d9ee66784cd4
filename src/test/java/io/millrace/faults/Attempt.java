package io.millrace.faults;

import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import java.time.Duration;
import java.util.Locale;

/**
 * How one request went.
 *
 * @param began by {@link System#nanoTime}
 * @param ended by {@link System#nanoTime}
 * @param said the status and the problem's code, such as {@code 503 overloaded}, or what kept the answer away
 * @param retryAfter whether the answer said when to come again
 */
record Attempt(long began, long ended, String said, boolean retryAfter) {

    static final String OK = "200";

    static String said(RefusedException refusal) {
        return refusal.status() + " " + refusal.code();
    }

    static String said(NoAnswerException unanswered) {
        return unanswered.fate().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    boolean succeeded() {
        return said.equals(OK);
    }

    Duration took() {
        return Duration.ofNanos(ended - began);
    }
}
