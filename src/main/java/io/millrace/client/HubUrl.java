package io.millrace.client;

import java.net.URI;

/**
 * The address of a hub.
 *
 * @param path in front of {@code /v1}, for a hub behind a proxy; empty or with a leading slash and no trailing one
 */
public record HubUrl(String host, int port, String path) {

    private static final int HTTP_PORT = 80;
    private static final int LAST_PORT = 65535;

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

    @Override
    public String toString() {
        return "http://" + authority() + path;
    }
}
