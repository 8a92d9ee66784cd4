package io.millrace.verify.history;

import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import java.time.Duration;
import java.util.Locale;

/**
 * The result of one request.
 *
 * @param began by {@link System#nanoTime}
 * @param ended by {@link System#nanoTime}
 * @param said the status and the problem's code, such as {@code 503 overloaded}, or why no answer came
 * @param retryAfter whether the answer said when to retry
 */
public record Attempt(long began, long ended, String said, boolean retryAfter) {

    public static final String OK = "200";

    public static String said(RefusedException refusal) {
        return (refusal.status() + " " + refusal.code()).strip();
    }

    public static String said(NoAnswerException unanswered) {
        return unanswered.fate().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    public boolean succeeded() {
        return said.equals(OK);
    }

    public Duration took() {
        return Duration.ofNanos(ended - began);
    }
}
