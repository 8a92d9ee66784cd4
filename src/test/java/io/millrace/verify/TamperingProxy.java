package io.millrace.verify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A proxy in front of a hub that lies as a test tells it to. For short requests and answers only. */
final class TamperingProxy implements AutoCloseable {

    record Call(String method, String path, byte[] body) {}

    record Reply(int status, String type, byte[] body) {}

    /** The hub behind the proxy. */
    @FunctionalInterface
    interface Forward {

        Reply to(Call call) throws IOException, InterruptedException;
    }

    /** How calls are answered. */
    @FunctionalInterface
    interface Tampering {

        Reply reply(Call call, Forward hub) throws IOException, InterruptedException;
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI hub;
    private final Tampering tampering;
    private final HttpServer server;

    TamperingProxy(URI hub, Tampering tampering) throws IOException {
        this.hub = hub;
        this.tampering = tampering;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Call call = new Call(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestBody().readAllBytes());
            Reply reply = tampering.reply(call, this::forward);
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
            exchange.getResponseBody().write(reply.body());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Reply forward(Call call) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(hub.resolve(call.path()))
                        .method(call.method(), BodyPublishers.ofByteArray(call.body()))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .build(),
                BodyHandlers.ofByteArray());
        return new Reply(
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse("application/json"),
                answer.body());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        http.close();
    }
}
