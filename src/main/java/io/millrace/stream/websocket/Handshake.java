package io.millrace.stream.websocket;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;

/** Checks a client's handshake by RFC 6455, 4.2.1. An invalid one is refused over HTTP, before the protocol changes. */
final class Handshake {

    private static final String KEY = "Sec-WebSocket-Key";
    private static final String VERSION = "Sec-WebSocket-Version";
    private static final String SUPPORTED = "13";

    /** 16 bytes in base64. */
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]==");

    private Handshake() {}

    /** @throws HubException {@link HubError#INVALID_REQUEST} or {@link HubError#UPGRADE_REQUIRED} */
    static void check(ServerWebExchange exchange) {
        HttpMethod method = exchange.getRequest().getMethod();
        if (method != HttpMethod.GET) {
            throw new MethodNotAllowedException(method, Set.of(HttpMethod.GET));
        }
        HttpHeaders headers = exchange.getRequest().getHeaders();
        if (!names(headers, HttpHeaders.UPGRADE, "websocket")) {
            throw refusal(HttpHeaders.UPGRADE, "this path takes WebSocket handshakes only");
        }
        if (!names(headers, HttpHeaders.CONNECTION, "upgrade")) {
            throw refusal(HttpHeaders.CONNECTION, "a handshake needs the header Connection: Upgrade");
        }
        if (!headers.getOrEmpty(VERSION).equals(List.of(SUPPORTED))) {
            exchange.getResponse().getHeaders().set(VERSION, SUPPORTED);
            exchange.getResponse().getHeaders().setUpgrade("websocket");
            throw new HubException(HubError.UPGRADE_REQUIRED, "the supported version of WebSocket is " + SUPPORTED);
        }
        List<String> keys = headers.getOrEmpty(KEY);
        if (keys.size() != 1 || !NONCE.matcher(keys.getFirst().strip()).matches()) {
            throw refusal(KEY, "a handshake needs a key of 16 bytes in base64");
        }
    }

    private static boolean names(HttpHeaders headers, String header, String token) {
        return headers.getOrEmpty(header).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .anyMatch(element -> element.strip().equalsIgnoreCase(token));
    }

    /** Refuses a header. */
    static HubException refusal(String header, String detail) {
        return new HubException(HubError.INVALID_REQUEST, new Place.Header(header), "invalid_header", detail);
    }
}
