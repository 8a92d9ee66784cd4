package io.millrace;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Says which of the hub's two ports is taken, and which setting chooses another; Spring Boot names the port only. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PortInUseAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {

    private static final String MANAGEMENT = "management.server.port";

    private final Environment environment;

    PortInUseAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
        boolean management = String.valueOf(cause.getPort()).equals(environment.getProperty(MANAGEMENT));
        return new FailureAnalysis(
                "Port " + cause.getPort() + ", which the hub needs for "
                        + (management ? "health and metrics" : "its API") + ", is in use.",
                "Stop what listens there, or give this hub another port: "
                        + (management ? "MANAGEMENT_SERVER_PORT, or --" + MANAGEMENT : "SERVER_PORT, or --server.port")
                        + "; 0 is any that is free.",
                cause);
    }
}
