package io.millrace;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Where the settings say that the hub listens.
 *
 * @param address as it is set; empty for all
 * @param tls whether clients must speak TLS
 */
record ServerEndpoint(String address, boolean tls) {

    static ServerEndpoint of(Environment environment) {
        boolean tls = StringUtils.hasText(environment.getProperty("server.ssl.bundle"))
                || StringUtils.hasText(environment.getProperty("server.ssl.key-store"))
                || StringUtils.hasText(environment.getProperty("server.ssl.certificate"));
        return new ServerEndpoint(
                environment.getProperty("server.address", ""),
                tls && environment.getProperty("server.ssl.enabled", Boolean.class, true));
    }

    /** Whether other machines may reach it: all addresses but those of the loopback interface. */
    boolean onNetwork() {
        InetAddress bound = resolved();
        return bound == null || !bound.isLoopbackAddress();
    }

    /** The name by which a client on this machine reaches it. */
    String host() {
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
