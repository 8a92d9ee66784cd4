package io.millrace;

import io.millrace.access.SecurityProperties;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Stops the start of a hub that other machines would reach, but that does not ask who they are, or lets everyone in
 * between read and change what they say. That is what most open databases on the internet are: a default that was fine
 * on a laptop, and one changed address.
 */
final class NetworkExposure implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        check(context.getEnvironment());
    }

    /** Runs after the initializers that add to the environment. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    static void check(Environment environment) {
        SecurityProperties security =
                Binder.get(environment).bindOrCreate("millrace.security", SecurityProperties.class);
        boolean anonymous = !security.required() && !security.allowAnonymousOnNetwork();
        ServerEndpoint api = ServerEndpoint.of(environment);
        if (api.onNetwork()) {
            check("The hub", api, "server.address", anonymous, !api.tls() && !security.allowPlaintextOnNetwork());
        }
        ServerEndpoint management = ServerEndpoint.ofManagement(environment);
        if (StringUtils.hasText(environment.getProperty("management.server.port")) && management.onNetwork()) {
            // Health is open to all, and probes need no TLS.
            check("The port of health and metrics", management, "management.server.address", anonymous, false);
        }
    }

    private static void check(
            String what, ServerEndpoint endpoint, String setting, boolean anonymous, boolean plaintext) {
        List<String> missing = new ArrayList<>();
        List<String> ways = new ArrayList<>();
        if (anonymous) {
            missing.add("authentication");
            ways.add("set millrace.security.authentication=required, or"
                    + " millrace.security.allow-anonymous-on-network=true if anyone may read and delete everything");
        }
        if (plaintext) {
            missing.add("TLS");
            ways.add("set server.ssl.bundle, or millrace.security.allow-plaintext-on-network=true if TLS ends before"
                    + " the hub");
        }
        if (!missing.isEmpty()) {
            throw new ExposedException(
                    what + " would listen on " + (endpoint.address().isEmpty() ? "all addresses" : endpoint.address())
                            + ", which other machines may reach, without " + String.join(" and without ", missing),
                    "Listen on 127.0.0.1 only (" + setting + "); or " + String.join("; and ", ways)
                            + ". docs/security.md says more");
        }
    }

    /** A hub would be exposed. */
    static final class ExposedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String action;

        ExposedException(String message, String action) {
            super(message);
            this.action = action;
        }
    }

    /** Shows two sentences instead of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<ExposedException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, ExposedException cause) {
            return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action, cause);
        }
    }
}
