package io.millrace.admission;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Decides from a request's own head whether it may be served; {@code docs/decisions/0013-foreign-pages.md} has the
 * rules with their reasons. A browser runs strangers' pages on the machine or in the network of its user, so being able
 * to connect to the hub proves nothing.
 *
 * <p>One object per connection, used on its event loop. A decision depends only on the request, the rules and the local
 * address.
 */
final class Admission {

    private static final AsciiString FETCH_SITE = AsciiString.cached("sec-fetch-site");
    private static final AsciiString FETCH_MODE = AsciiString.cached("sec-fetch-mode");
    private static final AsciiString FETCH_DEST = AsciiString.cached("sec-fetch-dest");

    /** The {@code User-Agent} of browsers begins with it, and a page cannot change that for requests to other sites. */
    private static final String BROWSER = "Mozilla/";

    private static final int MAX_SHOWN = 100;
    private static final String SETTING = "millrace.http.allowed-origins";

    private final AdmissionRules rules;
    private final @Nullable InetAddress local;

    /** The last host that was accepted, since clients keep using the same one. */
    private @Nullable String known;

    /** @param local the address at which the client has reached the hub; null if that is unknown */
    Admission(AdmissionRules rules, @Nullable InetAddress local) {
        this.rules = rules;
        this.local = local;
    }

    /**
     * @throws HubException {@link HubError#INVALID_REQUEST} for an invalid host, {@link HubError#UNKNOWN_HOST} or
     *     {@link HubError#FOREIGN_ORIGIN}
     */
    Admitted admit(HttpRequest request) {
        String host = host(request);
        if (host != null && !host.equals(known)) {
            check(host);
            known = host;
        }
        HttpHeaders headers = request.headers();
        String origin = one(headers, HttpHeaderNames.ORIGIN);
        if (origin != null) {
            return admit(origin, host, request);
        }
        String site = headers.get(FETCH_SITE);
        if (site != null) {
            checkSite(site, request);
        } else if (isSilentBrowser(headers, host)
                && Targets.mayHaveEffect(request.method(), Targets.path(request.uri()))) {
            throw foreign("the browser does not say which site's page sent this request");
        }
        return Admitted.PLAIN;
    }

    /** @return null for HTTP/1.0 without the field, which no browser sends */
    private static @Nullable String host(HttpRequest request) {
        String host = one(request.headers(), HttpHeaderNames.HOST);
        if (host == null && request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0) {
            throw invalid("Host", "a request must say which host it is for");
        }
        String authority = Targets.authority(request.uri());
        return authority == null ? host : authority;
    }

    private void check(String text) {
        HostHeader host = HostHeader.parse(text);
        if (host == null) {
            throw invalid("Host", "the host is not a name or an address with an optional port");
        }
        if (!rules.hosts().contains(host, local)) {
            throw new HubException(
                    HubError.UNKNOWN_HOST,
                    "this hub does not have the name '" + shortened(host.name())
                            + "'; if it should, add it to the hub's setting millrace.http.hosts");
        }
    }

    private Admitted admit(String origin, @Nullable String host, HttpRequest request) {
        if (isOwn(origin, host)) {
            return Admitted.PLAIN;
        }
        if (!rules.origins().contains(origin)) {
            throw foreign("pages of the origin '" + shortened(origin) + "' may not use this hub");
        }
        boolean preflight = request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        return new Admitted(origin, preflight);
    }

    /**
     * Whether the origin is the hub's, by the name that the client uses. The scheme may differ: behind a proxy that
     * terminates TLS, the hub does not know it.
     */
    private static boolean isOwn(String origin, @Nullable String host) {
        int scheme = origin.startsWith("http://") ? 7 : origin.startsWith("https://") ? 8 : -1;
        return scheme > 0
                && host != null
                && origin.length() - scheme == host.length()
                && origin.regionMatches(true, scheme, host, 0, host.length());
    }

    /** Checks what browsers say about requests without an origin: reads, links and embedded resources. */
    private void checkSite(String site, HttpRequest request) {
        boolean own = site.equals("same-origin") || site.equals("none");
        if (!own && !rules.origins().any() && !isLinkToPage(request)) {
            throw foreign("the browser says that a page of another site sent this request");
        }
    }

    private static boolean isLinkToPage(HttpRequest request) {
        return request.method().equals(HttpMethod.GET)
                && "navigate".equals(request.headers().get(FETCH_MODE))
                && "document".equals(request.headers().get(FETCH_DEST))
                && Targets.isPage(Targets.path(request.uri()));
    }

    /**
     * Whether a browser sent this without saying from which site, as old browsers do, and all browsers to servers
     * without TLS on other machines. A referrer that is the hub's own page, or an allowed one, counts as saying so.
     */
    private boolean isSilentBrowser(HttpHeaders headers, @Nullable String host) {
        String agent = headers.get(HttpHeaderNames.USER_AGENT);
        if (agent == null || !agent.startsWith(BROWSER) || rules.origins().any()) {
            return false;
        }
        String referrer = headers.get(HttpHeaderNames.REFERER);
        String origin = referrer == null ? null : origin(referrer);
        return origin == null || !isOwn(origin, host) && !rules.origins().contains(origin);
    }

    private static @Nullable String origin(String url) {
        String authority = Targets.authority(url);
        return authority == null ? null : url.substring(0, url.indexOf("://") + 3) + authority;
    }

    private static @Nullable String one(HttpHeaders headers, AsciiString name) {
        Iterator<String> values = headers.valueStringIterator(name);
        if (!values.hasNext()) {
            return null;
        }
        String value = values.next();
        if (values.hasNext()) {
            throw invalid(name.toString(), "the header " + name + " is given twice");
        }
        return value;
    }

    private static HubException invalid(String header, String detail) {
        return new HubException(HubError.INVALID_REQUEST, new Place.Header(header), "invalid_header", detail);
    }

    private static HubException foreign(String detail) {
        return new HubException(
                HubError.FOREIGN_ORIGIN, detail + "; to allow it, add its origin to the hub's setting " + SETTING);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN);
    }
}
