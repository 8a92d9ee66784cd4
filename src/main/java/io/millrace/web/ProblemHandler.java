package io.millrace.web;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.json.JsonBuffer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/**
 * Answers every failed request with a problem document, unless its client has gone. Comes before Spring Boot's own
 * handler.
 */
@Component
@Order(-2)
class ProblemHandler implements WebExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

    /** Refusals for want of room or of PostgreSQL pass within seconds. */
    private static final String RETRY_AFTER_SECONDS = "1";

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        if (isGone(failure)) {
            return Mono.empty();
        }
        HubException problem = Failures.of(failure);
        String path = exchange.getRequest().getPath().value();
        ServerHttpResponse response = exchange.getResponse();
        boolean gone = !Connections.of(response).isActive();
        if (problem.error() == HubError.INTERNAL) {
            logFailure(exchange, path, gone, failure);
        }
        if (gone) {
            return Mono.empty();
        }
        if (response.isCommitted()) {
            // Nothing can be said any more; an answer that ends too early is how the client learns of it.
            return Mono.error(failure);
        }
        JsonBuffer json = new JsonBuffer(512);
        Problems.write(json, problem, path);
        int status = HttpStatuses.of(problem.error());
        response.setStatusCode(HttpStatusCode.valueOf(status));
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setContentLength(json.length());
        if (status == 503 || status == 429) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (failure instanceof MethodNotAllowedException method) {
            headers.setAllow(method.getSupportedMethods());
        }
        return response.writeWith(Mono.just(response.bufferFactory().wrap(json.toByteArray())));
    }

    /** What fails under a request whose client has left may have failed because of that: files are closed, for one. */
    private static void logFailure(ServerWebExchange exchange, String path, boolean gone, Throwable failure) {
        String id = exchange.getResponse().getHeaders().getFirst(RequestIdFilter.HEADER);
        HttpMethod method = exchange.getRequest().getMethod();
        if (gone) {
            log.info("request {}: {} {} failed after its client had gone: {}", id, method, path, failure.toString());
            log.debug("request {}: where it failed", id, failure);
        } else {
            log.error("request {}: {} {} failed", id, method, path, failure);
        }
    }

    /** Whether the failure itself says that the client has gone away: nothing is wrong with the hub. */
    private static boolean isGone(Throwable failure) {
        return failure instanceof AbortedException
                || failure instanceof IOException
                        && failure.getMessage() != null
                        && (failure.getMessage().contains("reset")
                                || failure.getMessage().contains("Broken pipe"));
    }
}
