package io.millrace.client;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The address of a hub, and the key that its clients present there.
 *
 * @param path in front of {@code /v1}, for a hub behind a proxy; empty or with a leading slash and no trailing one
 * @param key an API key or an access token; null for none
 */
public record HubUrl(
        String host, int port, String path, @Nullable String key) {

    private static final int HTTP_PORT = 80;
    private static final int LAST_PORT = 65535;

    public HubUrl(String host, int port, String path) {
        this(host, port, path, null);
    }

    /** The same hub for clients that present a key. */
    public HubUrl presenting(@Nullable String presented) {
        return new HubUrl(host, port, path, presented);
    }

    /** The headers that say who calls, by name; none without a key. */
    public Map<String, String> credentials() {
        return key == null ? Map.of() : Map.of("Authorization", "Bearer " + key);
    }

    /** The headers of each request to the hub, as they stand in its head. */
    public String headers() {
        return "Host: " + authority() + (key == null ? "" : "\r\nAuthorization: Bearer " + key) + "\r\n";
    }

    /** @throws IllegalArgumentException with the reason */
    public static HubUrl parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("'" + text + "' is not a URL", malformed);
        }
        if (!"http".equals(uri.getScheme())) {
            throw new IllegalArgumentException("'" + text + "' must begin with http://: this client has no TLS;"
                    + " behind a proxy with TLS, connect to the hub directly");
        }
        if (uri.getHost() == null || uri.getPort() > LAST_PORT) {
            throw new IllegalArgumentException("'" + text + "' must name a host, such as http://localhost:8080");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("'" + text + "' must be host, port and path only");
        }
        int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        return new HubUrl(uri.getHost(), port, uri.getRawPath().replaceAll("/+$", ""));
    }

    /** The value of the header {@code Host}. */
    public String authority() {
        return host + ":" + port;
    }

    /** @param resource with its query, such as {@code /v1/topics?limit=10} */
    public URI resource(String resource) {
        return URI.create("http://" + authority() + path + resource);
    }

    /** Without the key, which is a secret. */
    @Override
    public String toString() {
        return "http://" + authority() + path;
    }
}
