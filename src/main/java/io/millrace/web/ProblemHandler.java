package io.millrace.web;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.json.JsonBuffer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** Answers every failed request with a problem document. Comes before Spring Boot's own handler. */
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
        if (problem.error() == HubError.INTERNAL) {
            log.error(
                    "request {}: {} {} failed",
                    exchange.getResponse().getHeaders().getFirst(RequestIdFilter.HEADER),
                    exchange.getRequest().getMethod(),
                    path,
                    failure);
        }
        ServerHttpResponse response = exchange.getResponse();
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

    /** Whether the client has gone away: nobody is left to be told, and nothing is wrong with the hub. */
    private static boolean isGone(Throwable failure) {
        return failure instanceof AbortedException
                || failure instanceof IOException
                        && failure.getMessage() != null
                        && (failure.getMessage().contains("reset")
                                || failure.getMessage().contains("Broken pipe"));
    }
}
