package io.millrace.http;

import io.millrace.edge.Pages;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import java.util.List;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Finds the caller of each request, and counts it, before anything else is done for it, on the API's port and on that
 * of health and metrics. Open to all are pages, which hold nobody's data, and the health that orchestrators ask for;
 * metrics are for those who may describe the cluster, and the rest of the actuator, as far as operators expose it, for
 * those who may alter it.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1) // after the request has its id
class AuthenticationFilter implements WebFilter {

    private static final String HEALTH = "/actuator/health";
    private static final Set<String> PROBES = Set.of("/livez", "/readyz");
    private static final String ACTUATOR = "actuator";
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** What else Spring Boot has there can change the hub, or shows the inside of its memory. */
    private static final Set<String> DESCRIPTIONS = Set.of("info", "prometheus");

    private final Callers callers;
    private final RateLimits limits;
    private final Access access;

    AuthenticationFilter(Callers callers, RateLimits limits, Access access) {
        this.callers = callers;
        this.limits = limits;
        this.access = access;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().value();
        if (isOpen(path)) {
            return chain.filter(exchange);
        }
        return callers.find(exchange).flatMap(caller -> {
            try {
                limits.count(caller);
            } finally {
                limits.headers(caller).forEach(exchange.getResponse().getHeaders()::set);
            }
            checkActuator(exchange, caller);
            return chain.filter(exchange);
        });
    }

    private static boolean isOpen(String path) {
        return Pages.is(path) || PROBES.contains(path) || path.equals(HEALTH) || path.startsWith(HEALTH + "/");
    }

    private void checkActuator(ServerWebExchange exchange, Caller caller) {
        // Decoded, as the path is matched.
        List<String> segments = exchange.getRequest().getPath().elements().stream()
                .filter(PathSegment.class::isInstance)
                .map(PathSegment.class::cast)
                .map(PathSegment::valueToMatch)
                .toList();
        if (!segments.isEmpty() && segments.getFirst().equals(ACTUATOR)) {
            boolean described = READS.contains(exchange.getRequest().getMethod())
                    && (segments.size() == 1 || DESCRIPTIONS.contains(segments.get(1)));
            access.check(caller, Permission.cluster(described ? Operation.DESCRIBE : Operation.ALTER));
        }
    }
}
