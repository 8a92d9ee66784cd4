package io.millrace.connection;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The connection under a request, which Spring hides. */
public final class Connections {

    private Connections() {}

    /** The client's connection. */
    public static Channel of(ServerHttpResponse response) {
        HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
        AtomicReference<Channel> channel = new AtomicReference<>();
        server.withConnection(connection -> channel.set(connection.channel()));
        return channel.get();
    }

    /** The client's connection. */
    public static Channel of(ServerHttpRequest request) {
        HttpServerRequest server = ServerHttpRequestDecorator.getNativeRequest(request);
        return of(server);
    }

    /** The client's connection. */
    public static Channel of(HttpServerRequest server) {
        AtomicReference<Channel> channel = new AtomicReference<>();
        server.withConnection(connection -> channel.set(connection.channel()));
        return channel.get();
    }

    /** Whether the connection was closed because its client took nothing of a waiting answer. */
    public static boolean stalled(Channel connection) {
        return Boolean.TRUE.equals(connection.attr(AnswerWatch.STALLED).get());
    }

    /**
     * Sets whether bytes that wait for the client are counted when they begin to wait. Not for writers that have asked
     * for the memory before: their bytes would count twice.
     */
    public static void countWaiting(Channel connection, boolean count) {
        connection.attr(AnswerWatch.COUNTED).set(!count);
    }
}
