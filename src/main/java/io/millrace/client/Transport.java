package io.millrace.client;

import io.millrace.client.message.Json;
import io.millrace.client.message.Query;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Requests to one hub and their answers, over HTTP/1.1. The timeout of the JDK's client covers only the head of an
 * answer; here it covers everything to the last byte. Thread-safe.
 */
final class Transport implements AutoCloseable {

    static final String JSON = "application/json";

    private final HttpClient http;
    private final HubUrl hub;
    private final ClientSettings settings;

    Transport(HubUrl hub, ClientSettings settings) {
        this(
                hub,
                settings,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(settings.connect())
                        .build());
    }

    private Transport(HubUrl hub, ClientSettings settings, HttpClient http) {
        this.hub = hub;
        this.settings = settings;
        this.http = http;
    }

    /** The same with other settings and the same connections; the connect timeout stays. */
    Transport with(ClientSettings others) {
        return new Transport(hub, others, http);
    }

    HubUrl hub() {
        return hub;
    }

    ClientSettings settings() {
        return settings;
    }

    /** Sends a GET request and returns the answer as a value. */
    <T> T get(String what, Query resource, Class<T> type) throws NoAnswerException, InterruptedException {
        return value(what, call(what, request("GET", resource, null), settings.answer()), type);
    }

    /** Sends a request with a JSON body and returns the answer as a value. */
    <T> T send(String what, String method, Query resource, @Nullable Object body, Class<T> type)
            throws NoAnswerException, InterruptedException {
        byte[] json = body == null ? null : Json.MAPPER.writeValueAsBytes(body);
        return value(what, call(what, request(method, resource, json), settings.answer()), type);
    }

    void delete(String what, Query resource) throws NoAnswerException, InterruptedException {
        call(what, request("DELETE", resource, null), settings.answer());
    }

    static <T> T value(String what, Answer answer, Class<T> type) throws NoAnswerException {
        try {
            return Json.MAPPER.readValue(answer.body(), type);
        } catch (JacksonException other) {
            throw NoAnswerException.notUnderstood(what, other);
        }
    }

    /** @param body JSON; null for none */
    HttpRequest.Builder request(String method, Query resource, byte @Nullable [] body) {
        BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        HttpRequest.Builder request = request(resource.toString()).method(method, publisher);
        return body == null ? request : request.setHeader("Content-Type", JSON);
    }

    HttpRequest.Builder request(String resource) {
        HttpRequest.Builder request = HttpRequest.newBuilder(hub.resource(resource));
        hub.credentials().forEach(request::setHeader);
        settings.headers().forEach(request::setHeader);
        return request;
    }

    /** Sends a request and returns a successful answer; throws refusals. */
    Answer call(String what, HttpRequest.Builder request, Duration patience)
            throws NoAnswerException, InterruptedException {
        Answer answer = exchange(request.build(), patience);
        if (!answer.isSuccess()) {
            throw answer.refusal(what);
        }
        return answer;
    }

    /** Sends a request and returns any answer. */
    Answer exchange(HttpRequest request, Duration patience) throws NoAnswerException, InterruptedException {
        HttpResponse<byte[]> answer = await(request, BodyHandlers.ofByteArray(), patience);
        return new Answer(answer.statusCode(), answer.headers(), answer.body());
    }

    CompletableFuture<Answer> exchangeLater(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofByteArray())
                .thenApply(answer -> new Answer(answer.statusCode(), answer.headers(), answer.body()));
    }

    /** A streamed answer, returned once its head has arrived; a refusal is read to its end. */
    Chunks stream(String what, HttpRequest.Builder request) throws NoAnswerException, InterruptedException {
        Duration patience = settings.answer();
        HttpResponse<Chunks> answer = await(request.build(), _ -> new Chunks(hub), patience);
        if (answer.statusCode() != 200) {
            byte[] body = answer.body().all(patience);
            throw new Answer(answer.statusCode(), answer.headers(), body).refusal(what);
        }
        return answer.body();
    }

    private <T> HttpResponse<T> await(HttpRequest request, BodyHandler<T> handler, Duration patience)
            throws NoAnswerException, InterruptedException {
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, handler);
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw NoAnswerException.of(hub, new HttpTimeoutException("no answer in " + patience.toMillis() + " ms"));
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            throw interrupted;
        } catch (CancellationException closed) {
            throw NoAnswerException.of(hub, new IOException("the client is closed", closed));
        } catch (ExecutionException failure) {
            throw NoAnswerException.of(
                    hub, failure.getCause() instanceof IOException known ? known : new IOException(failure.getCause()));
        }
    }

    /** Ends all calls and streams in progress. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
