package io.millrace.http;

import io.millrace.connection.ClientCertificates;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.security.Credentials;
import io.netty.channel.Channel;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * What a request presents: {@code Authorization: Bearer} with an API key or an access token (RFC 6750), or, to open a
 * stream from a browser, the parameter {@code ticket}, or, if it has neither, the client's certificate. Other
 * credentials in URLs are not taken: URLs end up in logs.
 */
final class RequestCredentials {

    private static final String SCHEME = "Bearer ";
    private static final String SOCKET = "/v1/ws";
    private static final String STREAM = "/stream";

    private RequestCredentials() {}

    /**
     * The header, if there is one.
     *
     * @throws HubException {@link HubError#UNAUTHENTICATED} if there are several
     */
    static @Nullable String authorization(List<String> values) {
        if (values.size() > 1) {
            throw refusal("the header Authorization is given twice");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /** The ticket of a request that opens a stream; null for none, and for any other request. */
    static @Nullable String ticket(ServerHttpRequest request) {
        String path = request.getPath().value();
        boolean stream = request.getMethod() == HttpMethod.GET && (path.equals(SOCKET) || path.endsWith(STREAM));
        return stream ? request.getQueryParams().getFirst(Callers.TICKET) : null;
    }

    /** @throws HubException {@link HubError#UNAUTHENTICATED} if the header has another scheme */
    static Credentials of(@Nullable String authorization, @Nullable String ticket, Channel connection) {
        if (authorization == null) {
            return ticket == null ? ofCertificate(connection) : new Credentials.Ticket(ticket);
        }
        String token = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length()).strip()
                : "";
        if (token.isEmpty()) {
            throw refusal("the header Authorization must be 'Bearer' and an API key or an access token");
        }
        return new Credentials.Token(token);
    }

    private static Credentials ofCertificate(Channel connection) {
        X509Certificate own = ClientCertificates.of(connection);
        return own == null
                ? Credentials.NONE
                : new Credentials.Certificate(
                        own.getSubjectX500Principal().getName(),
                        own.getNotAfter().getTime());
    }

    private static HubException refusal(String detail) {
        return new HubException(
                HubError.UNAUTHENTICATED, new Place.Header(HttpHeaders.AUTHORIZATION), "invalid_header", detail);
    }
}
