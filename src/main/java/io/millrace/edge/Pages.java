package io.millrace.edge;

import java.util.List;

/** The paths that people open in a browser. They hold nobody's data, so anybody may, and links may lead there. */
public final class Pages {

    private static final List<String> FIRST_SEGMENTS = List.of(
            "/swagger-ui.html",
            "/swagger-ui",
            "/webjars",
            "/docs",
            "/openapi",
            "/openapi.yaml",
            "/asyncapi",
            "/asyncapi.yaml",
            "/favicon.ico");

    private Pages() {}

    /**
     * Whether a path is a page's. Requesting a page changes nothing.
     *
     * @param path without the query, as it stands in the request
     */
    public static boolean is(String path) {
        return path.equals("/") || FIRST_SEGMENTS.contains(firstSegment(path));
    }

    /** A path up to its second slash. */
    public static String firstSegment(String path) {
        int second = path.indexOf('/', 1);
        return second < 0 ? path : path.substring(0, second);
    }
}
