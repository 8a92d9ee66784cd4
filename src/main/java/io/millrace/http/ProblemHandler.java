package io.millrace.http;

import io.millrace.connection.Connections;
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

/**
 * Answers failed requests with a problem document, unless the client has gone. Runs before Spring Boot's own handler.
 */
@Component
@Order(-2)
class ProblemHandler implements WebExceptionHandler {

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        ProblemAnswer answer = ProblemAnswer.to(
                failure,
                !Connections.of(response).isActive(),
                String.valueOf(response.getHeaders().getFirst(RequestIds.HEADER)),
                exchange.getRequest().getMethod().name(),
                exchange.getRequest().getPath().value());
        if (answer == null) {
            return Mono.empty();
        }
        if (response.isCommitted()) {
            // Too late for a problem document: the client learns of the failure from an answer that ends early.
            return Mono.create(sink -> Connections.of(response).close().addListener(_ -> sink.success()));
        }
        response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setContentLength(answer.json().length);
        answer.headers().forEach(headers::set);
        if (failure instanceof MethodNotAllowedException method) {
            headers.setAllow(method.getSupportedMethods());
        }
        return response.writeWith(Mono.just(response.bufferFactory().wrap(answer.json())));
    }
}
