package io.millrace.rest;

import static org.awaitility.Awaitility.await;

import io.millrace.append.Appender;
import io.millrace.client.HubClient;
import io.millrace.testing.Hub;
import io.millrace.testing.OpenApiContract;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * A well-behaved client of one hub. Headers are given as alternating names and values. Requests and answers are checked
 * against the OpenAPI document.
 */
final class HttpApi implements AutoCloseable {

    static final String JSON = "application/json";
    static final String NDJSON = "application/x-ndjson";

    private static final int MAX_CHECKED_BYTES = 1024 * 1024;

    private final HubClient client;
    private final Hub hub;

    private HttpApi(Hub hub) {
        this.client = hub.newClient();
        this.hub = hub;
    }

    /** Waits until the hub can store. */
    static HttpApi of(Hub hub) {
        await("the hub is ready").until(hub.bean(Appender.class)::ready);
        return new HttpApi(hub);
    }

    Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    Answer post(String path, String type, String body, String... headers) {
        return post(path, type, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer post(String path, String type, byte[] body, String... headers) {
        return sendAs("POST", path, type, BodyPublishers.ofByteArray(body), headers);
    }

    Answer patch(String path, String body, String... headers) {
        return sendAs("PATCH", path, JSON, BodyPublishers.ofString(body), headers);
    }

    Answer sendAs(String method, String path, String type, BodyPublisher body, String... headers) {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = type;
        return send(method, path, body, all);
    }

    Answer send(String method, String path, BodyPublisher body, String... headers) {
        return sendLater(method, path, body, headers).join();
    }

    CompletableFuture<Answer> getLater(String path, String... headers) {
        return sendLater("GET", path, BodyPublishers.noBody(), headers);
    }

    CompletableFuture<Answer> sendLater(String method, String path, BodyPublisher body, String... headers) {
        return client.send(method, path, body, headers).thenApply(answer -> {
            OpenApiContract.check(
                    new OpenApiContract.Request(method, path, named(headers), bytes(body)),
                    new OpenApiContract.Response(answer.status(), answer.headers(), answer.body()));
            return new Answer(answer.status(), answer.headers(), answer.body());
        });
    }

    private static HttpHeaders named(String... headers) {
        Map<String, List<String>> named = new TreeMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            named.computeIfAbsent(headers[i], _ -> new ArrayList<>()).add(headers[i + 1]);
        }
        return HttpHeaders.of(named, (_, _) -> true);
    }

    /** Creates a topic and returns the path of its records. */
    String topic(String name, int partitions) {
        hub.createTopic(name, partitions);
        return "/v1/topics/" + name + "/records";
    }

    /** Produces strings, by one request. */
    void produce(String topic, int partition, String... values) {
        post(
                        "/v1/topics/" + topic + "/records",
                        JSON,
                        "{\"records\":["
                                + repeated(
                                        values.length,
                                        i -> (i == 0 ? "" : ",") + "{\"partition\":" + partition + ",\"value\":\""
                                                + values[i] + "\"}")
                                + "]}")
                .hasStatus(200);
    }

    /** Everything a partition holds, up to 10,000 records. */
    List<JsonNode> records(String topic, int partition) {
        Answer answer =
                get("/v1/topics/" + topic + "/partitions/" + partition + "/records?limit=10000&max_bytes=16777216");
        return elements(answer.hasStatus(200).json().path("records"));
    }

    /** How many records a topic holds. */
    long count(String topic) {
        return elements(get("/v1/topics/" + topic).hasStatus(200).json().path("partitions")).stream()
                .mapToLong(partition -> partition.path("next_offset").asLong())
                .sum();
    }

    static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** Concatenates the texts that a function makes of 0 to {@code count - 1}. */
    static String repeated(int count, java.util.function.IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).collect(java.util.stream.Collectors.joining());
    }

    /** The bytes that were sent, unless there are too many to be checked. */
    private static byte[] bytes(BodyPublisher body) {
        if (body.contentLength() <= 0 || body.contentLength() > MAX_CHECKED_BYTES) {
            return new byte[0];
        }
        var subscriber = HttpResponse.BodySubscribers.ofByteArray();
        body.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscriber.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer buffer) {
                subscriber.onNext(List.of(buffer));
            }

            @Override
            public void onError(Throwable failure) {
                subscriber.onError(failure);
            }

            @Override
            public void onComplete() {
                subscriber.onComplete();
            }
        });
        return subscriber.getBody().toCompletableFuture().join();
    }

    @Override
    public void close() {
        client.close();
    }
}
