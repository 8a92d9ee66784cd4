package io.millrace.admission;

import io.millrace.edge.Pages;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * What a request target says before it is routed: its authority, its path, and whether the request may have an effect.
 */
final class Targets {

    private static final String ACTUATOR = "/actuator";

    private static final String GROUPS = "/v1/groups/";

    private Targets() {}

    /** The authority of a target in absolute form; null for all others. */
    static @Nullable String authority(String target) {
        int begin = authorityBegin(target);
        return begin < 0 ? null : target.substring(begin, authorityEnd(target, begin));
    }

    /** The path without the query; in a target in absolute form, it follows the authority. */
    static String path(String target) {
        int begin = authorityBegin(target);
        int from = begin < 0 ? 0 : authorityEnd(target, begin);
        int query = target.indexOf('?', from);
        String path = target.substring(from, query < 0 ? target.length() : query);
        return path.isEmpty() ? "/" : path;
    }

    private static int authorityBegin(String target) {
        if (target.startsWith("/")) {
            return -1;
        }
        int scheme = target.indexOf("://");
        return scheme < 0 ? -1 : scheme + 3;
    }

    private static int authorityEnd(String target, int begin) {
        for (int i = begin; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return target.length();
    }

    /** Whether links of other sites may lead there. */
    static boolean isPage(String path) {
        return Pages.is(path) || Pages.firstSegment(path).equals(ACTUATOR);
    }

    static boolean isRead(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
    }

    /**
     * Whether a request may change what others see: joining a group and reading as its member do, and a WebSocket can
     * do anything. It is assumed of paths that could be another spelling of such a path.
     */
    static boolean mayHaveEffect(HttpMethod method, String path) {
        return !isRead(method)
                || path.startsWith(GROUPS) && (path.contains("/stream") || path.contains("/members/"))
                || path.startsWith("/v1/ws")
                || path.indexOf('%') >= 0
                || path.indexOf(';') >= 0;
    }
}
