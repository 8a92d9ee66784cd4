package io.millrace;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.Environment;

/**
 * Where the settings say that the hub listens.
 *
 * @param address as it is set; empty for all
 * @param tls whether clients must speak TLS
 */
record ServerEndpoint(String address, boolean tls) {

    /** That of the API. */
    static ServerEndpoint of(Environment environment) {
        return of(environment, "server");
    }

    /** That of health and metrics. */
    static ServerEndpoint ofManagement(Environment environment) {
        return of(environment, "management.server");
    }

    private static ServerEndpoint of(Environment environment, String prefix) {
        // As Spring Boot decides it: any server.ssl… switches TLS on.
        boolean tls = Ssl.isEnabled(
                Binder.get(environment).bind(prefix + ".ssl", Ssl.class).orElse(null));
        return new ServerEndpoint(environment.getProperty(prefix + ".address", ""), tls);
    }

    /** Whether other machines may reach it: all addresses but those of the loopback interface. */
    boolean onNetwork() {
        InetAddress bound = resolved();
        return bound == null || !bound.isLoopbackAddress();
    }

    /** The URL for a client on this machine. */
    String url(String port) {
        return (tls ? "https://" : "http://") + host() + ":" + port;
    }

    private String host() {
        InetAddress bound = resolved();
        if (bound != null && (bound.isLoopbackAddress() || bound.isAnyLocalAddress())) {
            return "localhost";
        }
        return address.contains(":") ? "[" + address + "]" : address;
    }

    private @Nullable InetAddress resolved() {
        try {
            return address.isEmpty() ? InetAddress.ofLiteral("0.0.0.0") : InetAddress.getByName(address);
        } catch (UnknownHostException unknown) {
            return null; // the start fails anyway
        }
    }
}
