package io.millrace.http;

import org.jspecify.annotations.Nullable;

/**
 * The header {@value #HEADER} of answers: the client's own, or the number of the connection and the request, which the
 * server log shows, too.
 */
public final class RequestIds {

    public static final String HEADER = "X-Request-Id";

    public static final int MAX_LENGTH = 128;

    private RequestIds() {}

    /**
     * @param given the request's header, if it has one
     * @param own the number that the server has given the request
     */
    public static String of(@Nullable String given, String own) {
        return given != null && isSane(given) ? given : own;
    }

    private static boolean isSane(String id) {
        return !id.isEmpty()
                && id.length() <= MAX_LENGTH
                && id.chars().allMatch(character -> character > ' ' && character < 0x7f);
    }
}
