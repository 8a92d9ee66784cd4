package io.millrace.http;

import io.millrace.edge.Pages;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Finds the caller of each request, before anything else is done for it. Open to all are pages, which hold nobody's
 * data, and the health that orchestrators ask for; metrics are for those who may describe the cluster.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1) // after the request has its id
class AuthenticationFilter implements WebFilter {

    private static final String HEALTH = "/actuator/health";
    private static final String ACTUATOR = "actuator";

    private final Callers callers;
    private final Access access;

    AuthenticationFilter(Callers callers, Access access) {
        this.callers = callers;
        this.access = access;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().value();
        if (isOpen(path)) {
            return chain.filter(exchange);
        }
        return callers.find(exchange).flatMap(caller -> {
            checkActuator(exchange, caller);
            return chain.filter(exchange);
        });
    }

    private static boolean isOpen(String path) {
        return Pages.is(path) || path.equals(HEALTH) || path.startsWith(HEALTH + "/");
    }

    private void checkActuator(ServerWebExchange exchange, Caller caller) {
        // Decoded, as the path is matched.
        boolean actuator = exchange.getRequest().getPath().elements().stream()
                .filter(PathSegment.class::isInstance)
                .map(PathSegment.class::cast)
                .limit(1)
                .anyMatch(first -> first.valueToMatch().equals(ACTUATOR));
        if (actuator) {
            access.check(caller, Permission.cluster(Operation.DESCRIBE));
        }
    }
}
