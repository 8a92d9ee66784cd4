package io.millrace.admission;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The headers of answers that are for browsers, for all protocols alike. */
final class AnswerHeaders {

    private static final AsciiString CONTENT_TYPE_OPTIONS = AsciiString.cached("x-content-type-options");
    private static final AsciiString NO_SNIFF = AsciiString.cached("nosniff");

    /** Scripts from the hub only, and nothing from elsewhere; inline styles are allowed. */
    private static final AsciiString PAGE_POLICY =
            AsciiString.cached("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                    + " img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'");

    private static final AsciiString DENY = AsciiString.cached("DENY");

    /** Headers that clients of the API read. */
    private static final AsciiString EXPOSED =
            AsciiString.cached("Allow, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id");

    private static final AsciiString METHODS = AsciiString.cached("GET, HEAD, POST, PUT, PATCH, DELETE");
    private static final String MAX_AGE_SECONDS = "600";

    private AnswerHeaders() {}

    /** Record values are users' bytes: a browser must not take them for another type than the answer states. */
    static void addTo(HttpHeaders headers) {
        headers.set(CONTENT_TYPE_OPTIONS, NO_SNIFF);
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (type != null && type.startsWith("text/html")) {
            headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, PAGE_POLICY);
            headers.set(HttpHeaderNames.X_FRAME_OPTIONS, DENY);
        }
    }

    /** Caches must not give one site's answer to another site. */
    static void varyByOrigin(HttpHeaders headers) {
        headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
    }

    /** Lets the page of another site read the answer. */
    static void share(HttpHeaders headers, String origin) {
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }

    /** Permits the request that a page asks to send. */
    static void permit(HttpHeaders headers, HttpHeaders asked) {
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
        // The names of Hub-Header-* are unbounded.
        String names = asked.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        if (names != null) {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, names);
        }
        echoPrivateNetwork(headers, asked.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK));
    }

    private static void echoPrivateNetwork(HttpHeaders headers, @Nullable String asked) {
        if ("true".equals(asked)) {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_PRIVATE_NETWORK, "true");
        }
    }
}
