package io.millrace.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.testing.Hub;
import io.millrace.testing.OpenApiContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** Passes requests on to a hub, and checks the answers against the OpenAPI document. */
final class CheckingProxy implements AutoCloseable {

    private static final Set<String> HOP =
            Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "expect", "http2-settings");

    /** Asked for by {@code acks=all}: the hub has no standbys. */
    private static final String NOT_ENOUGH_REPLICAS = "\"code\":\"not_enough_replicas\"";

    private final Hub hub;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();

    CheckingProxy(Hub hub) throws IOException {
        this.hub = hub;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers that the document does not allow, and failures of the hub. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** How many answers had each status. */
    Map<Integer, Integer> statuses() {
        return Map.copyOf(statuses);
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        try (exchange) {
            HttpResponse<byte[]> answer = client.send(request(exchange, body), BodyHandlers.ofByteArray());
            check(exchange, body, answer);
            answer.headers().map().forEach((name, values) -> {
                if (!HOP.contains(name.toLowerCase(Locale.ROOT))) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalArgumentException failure) {
            troubles.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + ": " + failure);
        }
    }

    private HttpRequest request(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target(exchange))
                .timeout(Duration.ofSeconds(60))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private URI target(HttpExchange exchange) {
        return hub.http(exchange.getRequestURI().toString());
    }

    private void check(HttpExchange exchange, byte[] body, HttpResponse<byte[]> answer) {
        statuses.merge(answer.statusCode(), 1, Integer::sum);
        boolean tooFewReplicas = new String(answer.body(), StandardCharsets.UTF_8).contains(NOT_ENOUGH_REPLICAS);
        if (answer.statusCode() >= 500 && !tooFewReplicas) {
            troubles.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI() + " answered " + answer.statusCode());
        }
        try {
            OpenApiContract.check(
                    new OpenApiContract.Request(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            request(exchange, body).headers(),
                            body),
                    new OpenApiContract.Response(answer.statusCode(), answer.headers(), answer.body()));
        } catch (AssertionError contradiction) {
            troubles.add(contradiction.getMessage());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
