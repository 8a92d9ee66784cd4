package io.millrace.cluster;

import io.millrace.background.BackgroundLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** Has the node's address written into its row, as soon as the node listens. */
final class NodeAddress implements ApplicationListener<WebServerInitializedEvent> {

    private static final Logger log = LoggerFactory.getLogger(NodeAddress.class);

    private final Node node;
    private final BackgroundLoop renewal;
    private final ClusterProperties properties;
    private final ServerProperties server;

    NodeAddress(Node node, BackgroundLoop renewal, ClusterProperties properties, ServerProperties server) {
        this.node = node;
        this.renewal = renewal;
        this.properties = properties;
        this.server = server;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        // A server with a namespace serves something else than the API, such as the actuator on a port of its own.
        if (event.getApplicationContext().getServerNamespace() == null) {
            String given = properties.address();
            node.listensAt(given == null ? own(event.getWebServer().getPort()) : given);
            renewal.wake();
        }
    }

    private String own(int port) {
        String scheme = server.getSsl() != null && server.getSsl().isEnabled() ? "https" : "http";
        return scheme + "://" + host(server.getAddress()) + ":" + port;
    }

    private static String host(@Nullable InetAddress bound) {
        if (bound != null && !bound.isAnyLocalAddress()) {
            String text = bound.getHostAddress();
            return text.indexOf(':') < 0 ? text : "[" + text + "]";
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            log.debug("the host's name has no address", nameless);
            return "localhost";
        }
    }
}
