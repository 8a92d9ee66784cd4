package io.millrace.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.connection.Connections;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.logging.LimitedLog;
import io.millrace.security.Authentication;
import io.millrace.security.Caller;
import io.millrace.security.Credentials;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/** The callers of HTTP requests, for WebFlux and for what bypasses it. */
@Component
public final class Callers {

    /** The parameter of streams by which browsers present a ticket. */
    public static final String TICKET = "ticket";

    private static final LimitedLog log = LimitedLog.of(Callers.class);

    private static final String ATTRIBUTE = Callers.class.getName();

    /** The last caller of a connection, as clients keep presenting the same credentials. */
    private static final AttributeKey<Last> LAST = AttributeKey.valueOf(Callers.class, "LAST");

    /** @param authorization the header by which the caller was recognised; null if by what the connection is */
    private record Last(@Nullable String authorization, Caller caller) {}

    private final Authentication authentication;
    private final RateLimits limits;
    private final Counter failures;

    Callers(Authentication authentication, RateLimits limits, MeterRegistry registry) {
        this.authentication = authentication;
        this.limits = limits;
        this.failures = Counter.builder("millrace.authentication.failures")
                .description("Requests without credentials that are accepted")
                .register(registry);
    }

    /**
     * The caller of a request that bypasses WebFlux. Never blocks.
     *
     * @return null if it has to be looked up, or refused, which WebFlux does
     */
    public @Nullable Caller known(HttpServerRequest request) {
        try {
            String authorization =
                    RequestCredentials.authorization(request.requestHeaders().getAll(HttpHeaders.AUTHORIZATION));
            return known(Connections.of(request), authorization, null);
        } catch (HubException refusal) {
            return null;
        }
    }

    /** The caller of a request, as {@link AuthenticationFilter} has found it. */
    public static Caller of(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE) instanceof Caller caller ? caller : Caller.ANYONE;
    }

    /**
     * Finds the caller, and has it in the exchange's attributes. Fails as {@link Authentication#require} does, and if
     * the caller makes too many connections.
     */
    Mono<Caller> find(ServerWebExchange exchange) {
        return sought(exchange).doOnError(HubException.class, refusal -> refused(exchange, refusal));
    }

    private void refused(ServerWebExchange exchange, HubException refusal) {
        if (refusal.error() == HubError.UNAUTHENTICATED) {
            failures.increment();
            log.line(
                    Level.INFO,
                    "not authenticated: {}: {}",
                    Connections.of(exchange.getRequest()).remoteAddress(),
                    refusal.detail());
        }
    }

    private Mono<Caller> sought(ServerWebExchange exchange) {
        try {
            ServerHttpRequest request = exchange.getRequest();
            Channel connection = Connections.of(request);
            String authorization =
                    RequestCredentials.authorization(request.getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION));
            String ticket = authorization == null ? RequestCredentials.ticket(request) : null;
            Caller known = known(connection, authorization, ticket);
            if (known != null) {
                return Mono.just(keep(exchange, known));
            }
            Credentials credentials = RequestCredentials.of(authorization, ticket, connection);
            return Blocking.call(() -> authentication.require(credentials))
                    .publishOn(Schedulers.fromExecutor(connection.eventLoop()))
                    .map(caller -> {
                        remember(connection, authorization, ticket, caller);
                        return keep(exchange, caller);
                    });
        } catch (HubException refusal) {
            return Mono.error(refusal);
        }
    }

    private static Caller keep(ServerWebExchange exchange, Caller caller) {
        exchange.getAttributes().put(ATTRIBUTE, caller);
        return caller;
    }

    private @Nullable Caller known(Channel connection, @Nullable String authorization, @Nullable String ticket) {
        Last last = connection.attr(LAST).get();
        if (last != null
                && ticket == null
                && Objects.equals(last.authorization(), authorization)
                && last.caller().isKnown()) {
            return last.caller();
        }
        Caller caller = authentication.known(RequestCredentials.of(authorization, ticket, connection));
        if (caller != null) {
            remember(connection, authorization, ticket, caller);
        }
        return caller;
    }

    /** A ticket is for one request. */
    private void remember(Channel connection, @Nullable String authorization, @Nullable String ticket, Caller caller) {
        Last last = connection.attr(LAST).get();
        if (last == null || !last.caller().name().equals(caller.name())) {
            limits.connected(caller);
        }
        if (ticket == null) {
            connection.attr(LAST).set(new Last(authorization, caller));
        }
    }
}
