package io.millrace.http;

import io.millrace.security.Caller;
import org.springframework.core.MethodParameter;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.SyncHandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;

/** Gives controllers the {@link Caller} of a request as an argument. */
final class CallerResolver implements SyncHandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Caller.class;
    }

    @Override
    public Caller resolveArgumentValue(MethodParameter parameter, BindingContext context, ServerWebExchange exchange) {
        return Callers.of(exchange);
    }
}
